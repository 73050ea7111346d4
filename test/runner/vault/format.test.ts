import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { decrypt, encrypt } from '../../../runner/vault/cipher.ts'
import { isEncrypted, readEnvelope } from '../../../runner/vault/envelope.ts'
import { PasswordVault } from '../../../runner/vault/password-vault.ts'

const installed = spawnSync('ansible-vault', ['--version']).status === 0
if (!installed && process.env['CI'] !== undefined)
  throw new Error('ansible-vault is not installed: the comparison cannot be skipped in CI')

const plains: Readonly<Record<string, Buffer>> = {
  text: Buffer.from('secret: hunter2\n'),
  unicode: Buffer.from('größe: 日本語 🎉\n'),
  'one block': Buffer.alloc(16, 'x'),
  binary: randomBytes(3000),
}

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'drover-vault-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function opened(text: string, password: string): Buffer | string | undefined {
  const envelope = readEnvelope(text)
  return typeof envelope === 'string' ? envelope : decrypt(envelope, Buffer.from(password))
}

describe('the format', () => {
  it('gives back what was encrypted, with its label, and nothing to another password', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.string({ minLength: 1 }),
        fc.option(fc.stringMatching(/^[\w.-]+$/), { nil: undefined }),
        (bytes, password, label) => {
          const text = encrypt(Buffer.from(bytes), Buffer.from(password), { label })
          expect(isEncrypted(Buffer.from(text))).toBe(true)
          expect(readEnvelope(text)).toMatchObject({ label })
          expect(opened(text, password)).toEqual(Buffer.from(bytes))
          expect(opened(text, `${password}x`)).toBeUndefined()
        },
      ),
      { numRuns: 25 },
    )
  })

  it('notices each byte of the ciphertext that was changed', () => {
    const envelope = readEnvelope(encrypt(Buffer.from('abc'), Buffer.from('pw')))
    if (typeof envelope === 'string') throw new Error(envelope)
    const { ciphertext } = envelope
    ciphertext.forEach((byte, index) => {
      const changed = Buffer.from(ciphertext)
      changed[index] = byte ^ 1
      expect(decrypt({ ...envelope, ciphertext: changed }, Buffer.from('pw'))).toBeUndefined()
    })
  })

  it.each([
    ['key: value', 'it does not begin with "$ANSIBLE_VAULT;"'],
    ['$ANSIBLE_VAULT;1.0;AES\n00', 'its format is 1.0, and only 1.1 and 1.2 are known'],
    ['$ANSIBLE_VAULT;1.1;AES\n00', 'its cipher is AES, and only AES256 is known'],
    [
      '$ANSIBLE_VAULT;1.1;AES256\nxx',
      'it is cut short or was changed: there must be hexadecimal digits below its first line',
    ],
    ['$ANSIBLE_VAULT;1.1;AES256\n3030', 'it is cut short or was changed: it must hold salt, check sum and text'],
  ])('says what is wrong with %j', (text, message) => {
    expect(readEnvelope(text)).toBe(message)
  })
})

describe.runIf(installed)('ansible-vault and drover', () => {
  for (const [name, plain] of Object.entries(plains))
    for (const label of [undefined, 'prod'])
      it(`read each other's ${name}, ${label === undefined ? 'format 1.1' : 'format 1.2'}`, () => {
        const directory = scratch()
        const [file, password] = [join(directory, 'file'), join(directory, 'password')]
        writeFileSync(password, ' pass wörd\n')
        const id = `${label ?? 'default'}@${password}`
        writeFileSync(file, plain)
        execFileSync('ansible-vault', ['encrypt', '--vault-id', id, file])
        const theirs = readFileSync(file, 'utf8')
        expect(readEnvelope(theirs)).toMatchObject({ label })
        expect(opened(theirs, 'pass wörd')).toEqual(plain)
        const ours = encrypt(plain, Buffer.from('pass wörd'), { label })
        expect(ours.split('\n').map((line) => line.length)).toEqual(theirs.split('\n').map((line) => line.length))
        writeFileSync(file, ours)
        execFileSync('ansible-vault', ['decrypt', '--vault-id', id, file])
        expect(readFileSync(file)).toEqual(plain)
      })

  it('refuse a wrong password alike', () => {
    const directory = scratch()
    const [file, password] = [join(directory, 'file'), join(directory, 'password')]
    writeFileSync(password, 'wrong')
    writeFileSync(file, encrypt(Buffer.from('x'), Buffer.from('right')))
    const theirs = spawnSync('ansible-vault', ['view', '--vault-password-file', password, file], { encoding: 'utf8' })
    expect(theirs.status).toBe(1)
    expect(theirs.stderr).toContain('Decryption failed')
    const vault = new PasswordVault([{ label: 'default', password: Buffer.from('wrong') }])
    expect(vault.open(readFileSync(file), 'file')).toMatchObject({
      message: 'file cannot be decrypted: the vault password "default" is not the right one',
    })
  })
})
