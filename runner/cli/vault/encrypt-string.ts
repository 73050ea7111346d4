import { readFileSync } from 'node:fs'
import { ProblemsFound } from '../../language/source.ts'
import { encrypt } from '../../vault/cipher.ts'
import { ask } from '../ask.ts'
import { labelOf, openSession, type VaultCommandFlags } from './flags.ts'
import { replaceFile } from './replace-file.ts'

/** `drover vault encrypt-string`: values as they stand in a YAML file, each under its name where it has one. */
export async function encryptString(texts: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const { key } = await openSession(flags, true)
  const password = key()
  const values = await valuesOf(texts, flags)
  const blocks = values.map(({ name, value }) => {
    const lines = encrypt(value, password.password, { label: labelOf(password) })
      .trimEnd()
      .split('\n')
    return `${name === undefined ? '' : `${name}: `}!vault |\n${lines.map((line) => `          ${line}\n`).join('')}`
  })
  if (flags.output === undefined || flags.output === '-') process.stdout.write(blocks.join(''))
  else replaceFile(flags.output, Buffer.from(blocks.join('')))
  return 0
}

interface Value {
  readonly name: string | undefined
  readonly value: Buffer
}

async function valuesOf(texts: readonly string[], flags: VaultCommandFlags): Promise<readonly Value[]> {
  const { name: names = [], stdinName, prompt = false, showInput = false } = flags
  const fromInput = (): Value => ({ name: stdinName ?? names[texts.length], value: readFileSync(0) })
  const given = texts
    .filter((text) => text !== '-')
    .map((text, index): Value => ({ name: names[index], value: Buffer.from(text) }))
  if (prompt) {
    const value = await ask('Value to encrypt', !showInput)
    if (value === undefined) throw new ProblemsFound([{ message: 'there is no terminal to ask on' }])
    const name = names[given.length]
    return [...given, { name, value: Buffer.from(value) }]
  }
  const all = given.length < texts.length || texts.length === 0 ? [...given, fromInput()] : given
  if (all.some(({ value }) => value.length === 0)) throw new ProblemsFound([{ message: 'there is nothing to encrypt' }])
  return all
}
