import { posix } from 'node:path'
import { DIGESTS } from './digest.ts'

/** `ALGORITHM:DIGEST` or `ALGORITHM:URL`, as Ansible writes checksums. */
export type WantedChecksum =
  { readonly algorithm: string; readonly digest: string } | { readonly algorithm: string; readonly url: string }

export function parseChecksum(text: string): WantedChecksum | { readonly problem: string } {
  const [, algorithm = '', value = ''] = /^([^:]+):(.*)$/s.exec(text.trim()) ?? []
  if (!(DIGESTS as readonly string[]).includes(algorithm.toLowerCase()))
    return { problem: `checksum must be ALGORITHM:DIGEST or ALGORITHM:URL, with ${DIGESTS.join(', ')}: ${text}` }
  if (/^(https?|ftp|file):/i.test(value)) return { algorithm: algorithm.toLowerCase(), url: value }
  const digest = value.replace(/\W+/g, '').toLowerCase()
  return /^[0-9a-f]{32,}$/.test(digest)
    ? { algorithm: algorithm.toLowerCase(), digest }
    : { problem: `the checksum is no digest in hexadecimal: ${text}` }
}

/** The digest that a file of checksums, as sha256sum(1) and others write it, has for what a url names; null where it has none. */
export function checksumIn(text: string, url: string): string | null {
  const name = posix.basename(new URL(url).pathname)
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const [only = ''] = lines
  if (lines.length === 1 && /^[0-9a-f]{32,}$/i.test(only.trim())) return only.trim().toLowerCase()
  for (const line of lines) {
    const [, digest, file = ''] = /^([0-9a-f]{32,})\s+\*?(.*)$/i.exec(line.trim()) ?? []
    // As BSD's tools write it.
    const [, other, bsd] = /^\S+ \((.*)\) = ([0-9a-f]{32,})$/i.exec(line.trim()) ?? []
    const found = digest ?? bsd
    if (found !== undefined && posix.basename(other ?? file) === decodeURIComponent(name)) return found.toLowerCase()
  }
  return null
}
