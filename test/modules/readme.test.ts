import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findModule, modules } from '../../modules/index.ts'
import example from './readme-example.ts'

const folder = join(import.meta.dirname, '../../modules')
const readme = join(folder, 'README.md')

/** The modules of a folder as a section with a table; empty where there are none. */
function sectionOf(name: string): readonly string[] {
  const rows = readdirSync(join(folder, name))
    .toSorted()
    .flatMap((file) => findModule(file.replace(/\.ts$/, '')) ?? [])
    .map(({ name: module, summary, aliases = [] }) => {
      const others = aliases.map((alias) => `\`${alias}\``).join(', ')
      return `| [${module}](${name}/${module}.ts) | ${summary} | ${others} |`
    })
  return rows.length === 0
    ? []
    : [[`### ${name}`, '', '| module | what it does | also called |', '|---|---|---|', ...rows, ''].join('\n')]
}

const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['facts', 'lib'].includes(entry.name))
  .map(({ name }) => name)
  .toSorted()
const tables = folders.flatMap(sectionOf).join('\n')

it('README.md lists all modules by folder (vitest run test/modules/readme.test.ts -u writes the tables)', async () => {
  const whole = readFileSync(readme, 'utf8').replace(
    /(<!-- modules -->\n)[^]*?(<!-- end of modules -->)/,
    (_, start: string, end: string) => `${start}\n${tables}\n${end}`,
  )
  expect(whole).toContain(tables)
  for (const { name } of modules) expect(tables).toContain(`| [${name}](`)
  await expect(whole).toMatchFileSnapshot(readme)
})

it('README.md shows a module that is one', () => {
  const source = readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8')
  const [, shown] = /```ts\n([^]*?)```/.exec(readFileSync(readme, 'utf8')) ?? []
  expect(shown).toBe(source.slice(source.indexOf('export default')))
  expect(example.plan({ name: 'db1' }, { current: 'db1' })).toMatchObject({ kind: 'proposal', steps: [] })
  expect(example.plan({ name: 'db1' }, { current: 'web1' })).toMatchObject({
    steps: [{ change: { subject: 'hostname' }, actions: [{ do: 'run', argv: ['hostname', 'db1'] }] }],
  })
})
