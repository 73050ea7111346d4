import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { findModule, modules } from '../../modules/index.ts'
import type { Module } from '../../modules/module.ts'
import type { ValueSchema } from '../../schema/infer.ts'

const FOLDER = join(import.meta.dirname, '../../modules')
const NOT_MODULES = new Set(['facts', 'lib'])

it('lists each module that is in the folder, once, under the name of its file', async () => {
  const files = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_MODULES.has(entry.name))
    .flatMap((entry) =>
      readdirSync(join(FOLDER, entry.name))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${entry.name}/${name}`),
    )
  const loaded = await Promise.all(
    files.map(async (file) => ({ file, module: ((await import(join(FOLDER, file))) as { default: Module }).default })),
  )
  for (const { file, module } of loaded) expect(file.split('/')[1]).toBe(`${module.name}.ts`)
  expect(modules.map(({ name }) => name).toSorted()).toEqual(loaded.map(({ module }) => module.name).toSorted())
  expect(new Set(modules)).toEqual(new Set(loaded.map(({ module }) => module)))
})

it('gives no two modules the same name or alias', () => {
  const names = modules.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(findModule(name)).toBeDefined()
})

it.each(modules.map((module) => [module.name, module] as const))('%s documents itself', (name, module) => {
  expect(module.summary).toMatch(/^[A-Z].*\.$/)
  expect(module.examples.length).toBeGreaterThanOrEqual(2)
  for (const [argument, schema] of Object.entries<ValueSchema>(module.args.properties)) {
    expect(schema, `${name}.${argument}`).toMatchObject({ description: expect.stringMatching(/\.$/), since: '0.1.0' })
  }
  for (const { task } of module.examples)
    expect(Object.keys(parse(task) as object).some((key) => findModule(key) === module)).toBe(true)
})
