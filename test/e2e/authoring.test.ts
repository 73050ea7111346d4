import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { shellWords } from '../../runner/inventory/shell-words.ts'
import { drover, root, workplace } from './drover.ts'

const page = readFileSync(join(root, 'modules/AUTHORING.md'), 'utf8')

/** What a reader does, in order: saves a block under the name that stands last before it, types a command. */
type Deed =
  | { readonly kind: 'save'; readonly file: string; readonly text: string }
  | { readonly kind: 'type'; readonly command: string }

const deeds = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(
  ({ 1: language, 2: text = '', index }): readonly Deed[] => {
    if (language === 'sh')
      return text
        .trim()
        .split('\n')
        .map((command) => ({ kind: 'type', command }))
    const file = [...page.slice(0, index).matchAll(/`(site\/[\w./]+\.\w+)`/g)].at(-1)?.[1]
    return file === undefined ? [] : [{ kind: 'save', file, text }]
  },
)

// A directory without node_modules: what modules import must be found nevertheless.
const place = workplace()
const made = '/tmp/drover-greeting.txt'
afterAll(() => {
  place.remove()
  rmSync(made, { force: true })
})

it('has files and commands', () => {
  expect(deeds.filter(({ kind }) => kind === 'save')).toHaveLength(4)
  expect(deeds.filter(({ kind }) => kind === 'type')).toHaveLength(6)
})

it('works to the letter', async () => {
  rmSync(made, { force: true })
  const said: string[] = []
  for (const deed of deeds) {
    if (deed.kind === 'save') {
      mkdirSync(dirname(join(place.path, deed.file)), { recursive: true })
      writeFileSync(join(place.path, deed.file), deed.text)
      continue
    }
    const [npx, name, ...args] = shellWords(deed.command).map(({ text }) => text)
    expect([npx, name]).toEqual(['npx', 'drover'])
    const here = args.map((arg) => (arg.startsWith('inventory/') ? join(root, arg) : arg))
    const { status, stdout, stderr } = await drover(here, { cwd: place.path })
    expect({ status, stderr }, `${deed.command}\n${stdout}`).toEqual({ status: 0, stderr: '' })
    said.push(stdout)
  }
  expect(said[0]).toContain('greeting: 1 case, all well')
  expect(said[1]).toContain('Who is greeted.')
  expect(said[2]).toContain('+Hello, operator!')
  expect(said[3]).toContain('changed=1')
  expect(said[4]).toContain('greeting: 5 cases, all well')
  expect(said[5]).toContain('line_count: 1 case, all well')
  expect(readFileSync(made, 'utf8')).toBe('Hello, operator!\n')
}, 120_000)

it('has types: those of a module come from its arguments', () => {
  const project = workplace()
  onTestFinished(project.remove)
  mkdirSync(join(project.path, 'node_modules'))
  symlinkSync(root, join(project.path, 'node_modules/drover'))
  symlinkSync(join(root, 'node_modules/@types'), join(project.path, 'node_modules/@types'))
  const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] }
  project.file('tsconfig.json', JSON.stringify({ compilerOptions, files: ['greeting.mts', 'wrong.mts'] }))
  const text =
    deeds.flatMap((deed) => (deed.kind === 'save' && deed.file.endsWith('greeting.mjs') ? [deed.text] : []))[0] ?? ''
  project.file('greeting.mts', text)
  project.file(
    'wrong.mts',
    text.replace('plan({ name }', 'plan({ nmae }').replace("if (name === '')", "if (nmae === '')"),
  )
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: project.path,
    encoding: 'utf8',
  })
  expect(tsc.stdout.split('\n').filter((line) => !line.startsWith('wrong.mts') && line !== '')).toEqual([])
  expect(tsc.stdout).toMatch(/^wrong\.mts\(\d+,\d+\): error TS2339: Property 'nmae' does not exist/m)
})
