import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encrypt } from '../../../../runner/vault/cipher.ts'
import { writeFiles } from '../../inventory/files.ts'
import { drover, type Said } from '../drover.ts'

const installed = spawnSync('ansible-vault', ['--version']).status === 0
if (!installed && process.env['CI'] !== undefined)
  throw new Error('ansible-vault is not installed: the comparison cannot be skipped in CI')

const sealed = (text: string, label?: string): string => encrypt(Buffer.from(text), Buffer.from('pw'), { label })
const pw = ['--vault-password-file', 'pw']

/** Temporary files of its own, so that what is left behind shows. */
function vault(cwd: string, args: readonly string[], options: Parameters<typeof drover>[2] = {}): Said {
  const tmp = join(cwd, 'tmp')
  mkdirSync(tmp, { recursive: true })
  return drover(cwd, ['vault', ...args], { ...options, environment: { TMPDIR: tmp, ...options.environment } })
}

const ansibleVault = (cwd: string, args: readonly string[]): string =>
  spawnSync('ansible-vault', args, { cwd, encoding: 'utf8' }).stdout

describe('drover vault', { timeout: 30_000 }, () => {
  it('encrypts and decrypts in place, and keeps the mode', () => {
    const cwd = writeFiles({ pw: 'pw\n', f: 'plain\n', g: '' })
    chmodSync(join(cwd, 'f'), 0o640)
    expect(vault(cwd, ['encrypt', ...pw, 'f', 'g'])).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/)
    expect((statSync(join(cwd, 'f')).mode & 0o777).toString(8)).toBe('640')
    expect(installed ? ansibleVault(cwd, ['view', ...pw, 'f']) : 'plain').toContain('plain')
    expect(vault(cwd, ['view', ...pw, 'f'])).toEqual({ status: 0, stdout: 'plain\n', stderr: '' })
    expect(vault(cwd, ['decrypt', ...pw, 'f', 'g']).status).toBe(0)
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('plain\n')
    expect(readFileSync(join(cwd, 'g'), 'utf8')).toBe('')
    expect(readdirSync(cwd).toSorted()).toEqual(['f', 'g', 'pw', 'tmp'])
  })

  it('goes from standard input to standard output', () => {
    const cwd = writeFiles({ pw: 'pw\n' })
    const { stdout } = vault(cwd, ['encrypt', '--vault-id', 'prod@pw', '--output', '-'], { input: 'größe' })
    expect(stdout).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
    expect(vault(cwd, ['decrypt', ...pw, '--output', '-', '-'], { input: stdout }).stdout).toBe('größe')
  })

  it('changes no file where one of them is wrong', () => {
    const cwd = writeFiles({ pw: 'pw\n', plain: 'x\n', sealed: sealed('x\n') })
    const { status, stderr } = vault(cwd, ['encrypt', ...pw, 'plain', 'sealed'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'sealed is encrypted already\n\n1 problem\n' })
    expect(readFileSync(join(cwd, 'plain'), 'utf8')).toBe('x\n')
    expect(vault(cwd, ['decrypt', ...pw, 'sealed', 'plain']).stderr).toContain('plain is not encrypted')
    expect(readFileSync(join(cwd, 'sealed'), 'utf8')).toMatch(/^\$ANSIBLE_VAULT/)
  })

  it('says what is wrong', () => {
    const cwd = writeFiles({ pw: 'pw\n', other: 'no\n', f: sealed('x', 'prod'), cut: sealed('x').slice(0, 300) })
    expect(vault(cwd, ['view', '--vault-id', 'dev@other', 'f']).stderr).toBe(
      'f cannot be decrypted: the vault password "dev" is not the right one\n  hint: it was encrypted with the vault id "prod"\n\n1 problem\n',
    )
    expect(vault(cwd, ['view', ...pw, 'cut']).stderr).toContain('cut is no proper vault text: it is cut short')
    expect(vault(cwd, ['view', ...pw, 'gone']).stderr).toContain('there is no file gone')
    expect(vault(cwd, ['view', 'f']).stderr).toContain('there is no terminal to ask on')
    const ids = ['--vault-id', 'a@pw', '--vault-id', 'b@other']
    expect(vault(cwd, ['encrypt', ...ids, '--output', '-'], { input: 'x' }).stderr).toContain(
      'say with --encrypt-vault-id which one',
    )
    expect(
      vault(cwd, ['encrypt', ...ids, '--encrypt-vault-id', 'b', '--output', '-'], { input: 'x' }).stdout,
    ).toContain(';b\n')
  })

  it('rekeys, and keeps a vault id unless told another', () => {
    const cwd = writeFiles({ pw: 'pw\n', new: 'new\n', f: sealed('x', 'prod') })
    expect(vault(cwd, ['rekey', ...pw, '--new-vault-password-file', 'new', 'f']).status).toBe(0)
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
    expect(vault(cwd, ['view', '--vault-password-file', 'new', 'f']).stdout).toBe('x')
    expect(vault(cwd, ['rekey', '--vault-password-file', 'new', '--new-vault-id', 'test@pw', 'f']).status).toBe(0)
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toContain(';test\n')
  })

  it('edits in a private file that is always removed', () => {
    const script = '#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" > seen\ncat "$1" >> seen\n'
    const cwd = writeFiles({
      pw: 'pw\n',
      f: sealed('old\n', 'prod'),
      'change!': `${script}echo new > "$1"\n`,
      'look!': script,
      'break!': 'exit 3\n',
    })
    const edit = (editor: string, ...args: readonly string[]) =>
      vault(cwd, [...args, ...pw], { environment: { EDITOR: editor, VISUAL: editor } })
    const before = readFileSync(join(cwd, 'f'), 'utf8')
    expect(edit('./look', 'edit', 'f').status).toBe(0)
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe(before)
    expect(readFileSync(join(cwd, 'seen'), 'utf8')).toBe('600\n700\nold\n')
    expect(edit('./break', 'edit', 'f')).toMatchObject({ status: 1 })
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe(before)
    expect(edit('./change', 'edit', 'f').status).toBe(0)
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toContain(';prod\n')
    expect(vault(cwd, ['view', ...pw, 'f']).stdout).toBe('new\n')
    expect(edit('./change', 'create', 'made').status).toBe(0)
    expect((statSync(join(cwd, 'made')).mode & 0o777).toString(8)).toBe('600')
    expect(edit('./change', 'create', 'made').stderr).toContain('made is there already')
    expect(readdirSync(join(cwd, 'tmp')).filter((name) => name.startsWith('drover'))).toEqual([])
  })

  it('writes values as they stand in a YAML file', () => {
    const cwd = writeFiles({ pw: 'pw\n' })
    const { stdout } = vault(cwd, ['encrypt_string', ...pw, 'one', '-n', 'a', '--stdin-name', 'b', '-'], {
      input: 'two',
    })
    expect(stdout).toMatch(/^a: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n(?: {10}[0-9a-f]+\n)+b: !vault \|\n/)
    writeFileSync(join(cwd, 'v.yml'), stdout)
    writeFileSync(
      join(cwd, 'p.yml'),
      '- hosts: localhost\n  gather_facts: false\n  tasks: [{assert: {that: [a == "one", b == "two"]}}]\n',
    )
    expect(drover(cwd, ['run', 'p.yml', '-e', '@v.yml', ...pw])).toMatchObject({ status: 0 })
    expect(installed ? spawnSync('ansible-playbook', ['p.yml', '-e', '@v.yml', ...pw], { cwd }).status : 0).toBe(0)
  })
})
