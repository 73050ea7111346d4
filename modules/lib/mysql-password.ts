import { createHash } from 'node:crypto'
import { shaCrypt } from './sha-crypt.ts'

const sha1 = (data: string | Buffer): Buffer => createHash('sha1').update(data).digest()

/** What mysql_native_password keeps of a password. */
export function nativeHash(password: string): string {
  if (password === '') return ''
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`
}

/** Whether what a server keeps is of this password; null where that cannot be told. */
export function isPassword(password: string, plugin: string, kept: string): boolean | null {
  switch (plugin) {
    case '':
    case 'mysql_native_password':
      return kept.toUpperCase() === nativeHash(password)
    case 'caching_sha2_password': {
      if (password === '' || kept === '') return password === kept
      // $A$005$, 20 characters of salt and the digest: thousands of rounds in hexadecimal.
      const [, thousands, salt, digest] = /^\$A\$([0-9A-F]{3})\$(.{20})(.{43})$/s.exec(kept) ?? []
      return thousands === undefined || salt === undefined
        ? null
        : shaCrypt('sha256', password, salt, Number.parseInt(thousands, 16) * 1000).endsWith(`$${digest}`)
    }
    default:
      return null
  }
}
