import type { Position, Problem } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'
import { decrypt } from './cipher.ts'
import { isEncrypted, readEnvelope } from './envelope.ts'
import type { VaultPassword } from './passwords.ts'

/** A vault with passwords. Finding the keys of a text takes some 10 ms, so each text is opened once. */
export class PasswordVault implements Vault {
  readonly #passwords: readonly VaultPassword[]
  readonly #opened = new Map<string, Opened | Problem>()
  readonly #secrets = new Set<string>()
  readonly #listeners: ((secret: string) => void)[] = []

  constructor(passwords: readonly VaultPassword[]) {
    this.#passwords = passwords
  }

  decrypt(text: string, at?: Position): string | Problem {
    const opened = this.unlock(text)
    if ('message' in opened) return { message: `this ${opened.message}`, at, hint: opened.hint }
    const plain = opened.plain.toString('utf8')
    this.keep(plain)
    return plain
  }

  open(bytes: Buffer, name: string): Buffer | Problem {
    if (!isEncrypted(bytes)) return bytes
    const opened = this.unlock(bytes.toString('latin1'))
    return 'message' in opened ? { message: `${name} ${opened.message}`, hint: opened.hint } : opened.plain
  }

  keep(secret: string): void {
    if (this.#secrets.has(secret)) return
    this.#secrets.add(secret)
    for (const listener of this.#listeners) listener(secret)
  }

  onSecret(listener: (secret: string) => void): void {
    this.#listeners.push(listener)
    for (const secret of this.#secrets) listener(secret)
  }

  /** The bytes of an encrypted text and the password that opened it. The problem's message goes on from its name: `FILE cannot …`. */
  unlock(text: string): Opened | Problem {
    const known = this.#opened.get(text)
    if (known !== undefined) return known
    const opened = this.#unlock(text)
    this.#opened.set(text, opened)
    return opened
  }

  #unlock(text: string): Opened | Problem {
    const envelope = readEnvelope(text)
    if (typeof envelope === 'string') return { message: `is no proper vault text: ${envelope}` }
    const { label } = envelope
    // The password with its vault id first; a label is a hint, so the others are tried too.
    const inOrder = this.#passwords.toSorted((a, b) => Number(b.label === label) - Number(a.label === label))
    for (const secret of inOrder) {
      const plain = decrypt(envelope, secret.password)
      if (plain !== undefined) return { plain, secret, label }
    }
    const id = label === undefined ? '' : ` with the vault id "${label}"`
    if (inOrder.length === 0)
      return {
        message: `is encrypted with ansible-vault${label === undefined ? '' : ` (vault id "${label}")`}, and no vault password was given`,
        hint: `use --vault-password-file FILE, --vault-id ${label ?? 'LABEL'}@FILE or --ask-vault-pass`,
      }
    const labels = inOrder.map((secret) => secret.label).join(', ')
    return {
      message: `cannot be decrypted: ${inOrder.length === 1 ? `the vault password "${labels}" is not the right one` : `none of the vault passwords (${labels}) is the right one`}`,
      hint: `it was encrypted${id === '' ? ' without a vault id' : id}`,
    }
  }
}

/** What was in an encrypted text, and what opened it. */
export interface Opened {
  readonly plain: Buffer
  readonly secret: VaultPassword
  /** The vault id in its header. */
  readonly label: string | undefined
}
