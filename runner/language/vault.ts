import type { Position, Problem } from './source.ts'

/** Opens what ansible-vault encrypted. Handed in from outside, so that reading a playbook needs no passwords of its own. */
export interface Vault {
  /** The text of a `!vault` value, which is a secret from here on; or why it cannot be had. */
  decrypt(text: string, at?: Position): string | Problem
  /** The bytes of a file, opened where they are encrypted, or why they cannot be. What is secret in them, the caller tells `keep`. */
  open(bytes: Buffer, name: string): Buffer | Problem
  /** Says that a text is a secret. */
  keep(secret: string): void
  /** Tells of every secret there has been, and of each new one. */
  onSecret(listener: (secret: string) => void): void
}

/** What a file begins with that ansible-vault encrypted. */
export const vaultHeader = '$ANSIBLE_VAULT;'

const whole = /^\$ANSIBLE_VAULT;1\.(?:1;AES256|2;AES256;[^\s;'"\\{}]+)\s+[0-9a-f\s]+$/

/**
 * A template that gives the decrypted text when it is evaluated: a value is opened when it is used, and not before. Undefined for a text
 * that ansible-vault did not make.
 */
export function vaultedTemplate(text: string): string | undefined {
  const trimmed = text.trim()
  if (!whole.test(trimmed)) return undefined
  const [header = '', ...body] = trimmed.split(/\s+/)
  return `{{ '${header} ${body.join('')}' | ${vaultedFilter} }}`
}

/** The filter of `vaultedTemplate`; the playbook language has no such name. */
export const vaultedFilter = 'drover_vaulted'

/** The encrypted text of a value that `vaultedTemplate` made, as ansible-vault writes it; undefined for other values. */
export function vaultedText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, header, body] = /^\{\{ '(\$ANSIBLE_VAULT;\S+) ([0-9a-f]+)' \| drover_vaulted \}\}$/.exec(value) ?? []
  if (header === undefined || body === undefined) return undefined
  return `${[header, ...(body.match(/.{1,80}/g) ?? [])].join('\n')}\n`
}
