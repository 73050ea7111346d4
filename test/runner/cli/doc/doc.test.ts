import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { modules } from '../../../../modules/index.ts'
import { type Argument, type Entry, entryOfModule, entryOfStatement } from '../../../../runner/cli/doc/entry.ts'
import { entryMarkdown } from '../../../../runner/cli/doc/markdown.ts'
import { entryText } from '../../../../runner/cli/doc/text.ts'
import { program } from '../../../../runner/cli/program.ts'
import { statements } from '../../../../runner/language/statements.ts'
import { writeFiles } from '../../inventory/files.ts'
import { drover, type Said } from '../drover.ts'

const wrap = (text: string, width: number): string => program().createHelp().boxWrap(text, width)
const everything: readonly Entry[] = [...modules.map(entryOfModule), ...statements.map(entryOfStatement)]
const doc = (...args: readonly string[]): Said => drover(writeFiles({}), ['doc', ...args])

const withInner = (all: readonly Argument[]): readonly Argument[] =>
  all.flatMap((argument) => [argument, ...withInner(argument.arguments)])

it.each(everything.map((entry) => [entry.name, entry] as const))('%s is explained whole', (_, entry) => {
  const text = entryText(entry, 80, wrap)
  const markdown = entryMarkdown(entry)
  expect(text.split('\n').filter((line) => line.length > 80 && !isExample(entry, line))).toEqual([])
  for (const argument of withInner(entry.arguments)) {
    expect(argument.description).toMatch(/\.$/)
    expect(text).toMatch(new RegExp(`^ +${argument.name}  \\(`, 'm'))
    expect(markdown).toContain(`${argument.name}\` | ${argument.type}`)
  }
  for (const name of [...entry.aliases, ...Object.keys(entry.returns)]) {
    expect(text).toContain(name)
    expect(markdown).toContain(`\`${name}\``)
  }
  const tasks = entry.examples.length === 0 ? [] : (parse(text.split('\nEXAMPLES\n')[1] ?? '') as readonly object[])
  expect(tasks).toEqual(entry.examples.map(({ title, task }) => ({ name: title, ...(parse(task) as object) })))
})

/** Examples are not wrapped: they are to be copied. */
const isExample = ({ examples }: Entry, line: string): boolean =>
  examples.some(({ task }) => task.includes(line.trim()))

describe('drover doc', { timeout: 60_000 }, () => {
  it('lists modules and statements with what they are for', () => {
    const { status, stdout } = doc()
    expect(status).toBe(0)
    for (const { name, summary } of everything)
      expect(stdout.split('\n').map((line) => line.trim().replace(/ +/, ' '))).toContain(`${name} ${summary}`)
    expect(stdout.indexOf('MODULES')).toBeLessThan(stdout.indexOf('STATEMENTS'))
  })

  it('explains one by any of its names', () => {
    const { status, stdout } = doc('ansible.builtin.ini_file')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ini_set \(module\)\n/)
    expect(stdout).toContain('Also called: ini_file')
    expect(stdout).toMatch(/^ {2}path {2}\(path; required; also called: dest\)\n {6}The file\.$/m)
    expect(stdout).toMatch(/^ {2}state {2}\(string; default: "present"; one of: present, absent\)$/m)
    expect(stdout).toMatch(/^ {2}At most one of `value`, `values`, `options` may be given\.$/m)
    expect(doc('command').stdout).toContain('a check counts it as unknown')
    expect(doc('include_tasks').stdout).toContain('"include_tasks: TEXT" is short for the argument file.')
  })

  it('gives all as JSON and as Markdown', () => {
    const entries = JSON.parse(doc('--all', '--format', 'json').stdout) as readonly Entry[]
    expect(entries).toEqual(JSON.parse(JSON.stringify(everything)))
    const brief = JSON.parse(doc('--format', 'json').stdout) as readonly object[]
    expect(brief).toContainEqual({
      kind: 'statement',
      name: 'debug',
      aliases: [],
      summary: expect.any(String) as string,
    })
    const headings = [...doc('--all', '--format', 'markdown').stdout.matchAll(/^## (.*)$/gm)].map(([, name]) => name)
    expect(headings).toEqual(everything.map(({ name }) => name))
  })

  it('names the nearest of what it does not know, all at once', () => {
    const { status, stdout, stderr } = doc('coppy', 'copy', 'zzzzzzzz')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/"coppy"\n +hint: did you mean "copy"\?/)
    expect(stderr).toMatch(/"zzzzzzzz"\n +hint: drover doc lists/)
  })
})
