import { vaultedFilter } from '../../language/vault.ts'
import { decrypt, encrypt } from '../../vault/cipher.ts'
import { readEnvelope } from '../../vault/envelope.ts'
import { routine, textOf, type Context, type Routines } from '../routine.ts'
import { TemplateError } from '../template.ts'
import { fail } from '../values/types.ts'

/** Ansible's `vault` and `unvault`, which take the password as an argument, and what a `!vault` value is read as. */
export const vaultFilters: Routines = new Map([
  [
    vaultedFilter,
    routine('', ({ scope }: Context, text: unknown) => {
      const plain = scope.vault?.decrypt(textOf(text, 'text'))
      if (plain === undefined) return fail('this value is encrypted, and no vault password was given')
      if (typeof plain === 'string') return plain
      throw new TemplateError('value', plain.message, { hint: plain.hint, at: plain.at })
    }),
  ],
  [
    'vault',
    routine('secret salt? vault_id? wrap_object? vaultid?', (_, text: unknown, ...args: readonly unknown[]) => {
      const [secret, salt, id, , oldId] = args
      const label = id ?? oldId
      return encrypt(Buffer.from(textOf(text, 'text')), Buffer.from(textOf(secret, 'password')), {
        label: typeof label === 'string' ? label : 'filter_default',
        ...(typeof salt === 'string' ? { salt: Buffer.from(salt) } : {}),
      })
    }),
  ],
  [
    'unvault',
    routine('secret vault_id? vaultid?', ({ scope }: Context, text: unknown, secret: unknown) => {
      const envelope = readEnvelope(textOf(text, 'text'))
      if (typeof envelope === 'string') return text
      const plain = decrypt(envelope, Buffer.from(textOf(secret, 'password')))?.toString('utf8')
      if (plain === undefined) return fail('unvault: the password is not the right one')
      scope.vault?.keep(plain)
      return plain
    }),
  ],
])
