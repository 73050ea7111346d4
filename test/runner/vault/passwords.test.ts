import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passwordSource, readPassword } from '../../../runner/vault/passwords.ts'
import { writeFiles } from '../inventory/files.ts'

const nobody = () => Promise.resolve(undefined)

describe('passwordSource', () => {
  it.each([
    ['prod@file', { label: 'prod', from: 'file' }],
    ['file', { label: 'default', from: 'file' }],
    ['@file', { label: 'default', from: 'file' }],
    ['prod@prompt', { label: 'prod', from: 'prompt' }],
    ['a@b@c', { label: 'a', from: 'b@c' }],
  ])('%s', (written, source) => expect(passwordSource(written)).toEqual(source))
})

async function read(written: string, files: Readonly<Record<string, string>> = {}) {
  const cwd = writeFiles(files)
  const password = await readPassword(passwordSource(written), { cwd, ask: nobody })
  return 'message' in password
    ? password.message.replaceAll(`${cwd}/`, '')
    : `${password.label}=${password.password.toString()}`
}

describe('readPassword', () => {
  it('takes what is in a file, without blanks around it', async () => {
    expect(await read('prod@pw', { pw: '  se cret \r\n\n' })).toBe('prod=se cret')
  })

  it('takes what a script prints, and tells a client the vault id', async () => {
    expect(await read('prod@run', { 'run!': '#!/bin/sh\necho " got $# "\n' })).toBe('prod= got 0 ')
    expect(await read('prod@my-client.sh', { 'my-client.sh!': '#!/bin/sh\necho "$1 $2"\n' })).toBe(
      'prod=--vault-id prod',
    )
  })

  it.each([
    ['nowhere', {}, 'the vault password file nowhere is not there'],
    ['.', {}, 'the vault password file . is a directory'],
    ['pw', { pw: '\n' }, 'the vault password from pw is empty'],
    [
      'run',
      { 'run!': '#!/bin/sh\necho no >&2; exit 3\n' },
      'the vault password script run failed with exit status 3: no',
    ],
    ['x@a-client', { 'a-client!': '#!/bin/sh\nexit 2\n' }, 'the vault password script a-client knows no vault id "x"'],
    ['prompt', {}, 'the vault password is to be asked for, and there is no terminal to ask on'],
  ])('says why there is none: %s', async (written, files, message) => {
    expect(await read(written, files)).toBe(message)
  })

  it('asks by the name of the vault id; twice for a new one', async () => {
    const asked: string[] = []
    const answers = ['one', 'one', 'one', 'two']
    const ask = (prompt: string) => {
      asked.push(prompt)
      return Promise.resolve(answers.shift())
    }
    const source = passwordSource('prod@prompt')
    expect(await readPassword(source, { cwd: join('/'), ask, twice: true })).toMatchObject({ label: 'prod' })
    expect(await readPassword(source, { cwd: join('/'), ask, twice: true })).toEqual({
      message: 'the two passwords differ',
    })
    expect(asked.slice(0, 2)).toEqual(['New vault password (prod)', 'Confirm new vault password (prod)'])
  })
})
