import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { JsonObject } from '../../../schema/infer.ts'
import { play, scratch } from './harness.ts'

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

/** Loops of which nobody may be able to tell whether their turns overlap; `before` sets the stage. */
const loops: Readonly<
  Record<
    string,
    { readonly task: JsonObject; readonly items: readonly unknown[]; readonly before?: readonly JsonObject[] }
  >
> = {
  'files of one directory': {
    task: { copy: { dest: '{{ there }}/{{ item }}', content: 'file {{ item }}\n', mode: '0640' } },
    items: range(40),
  },
  'files that are there, with other modes and contents': {
    before: [
      {
        copy: { dest: '{{ there }}/{{ item }}', content: 'old', mode: '0{{ item }}' },
        loop: ['600', '644', '755', '4755', '444'],
      },
    ],
    task: { copy: { dest: '{{ there }}/{{ item }}', content: 'new {{ item }}' } },
    items: ['600', '644', '755', '4755', '444'],
  },
  'directories in each other, parents first': {
    task: { file: { path: '{{ there }}/{{ item }}', state: 'directory', mode: '0750' } },
    items: ['a', 'a/b', 'a/b/c', 'd/e/f', 'd/e', 'a/b'],
  },
  'lines of one file': {
    task: { lineinfile: { path: '{{ there }}/lines', line: 'line {{ item }}', create: true } },
    items: [3, 1, 2, 3, 1, 4],
  },
  'options of one file': {
    task: {
      ini_set: {
        path: '{{ there }}/settings.ini',
        section: 's{{ item % 2 }}',
        option: 'o{{ item }}',
        value: '{{ item }}',
      },
    },
    items: range(8),
  },
  'one file with one content after the other': {
    task: { copy: { dest: '{{ there }}/{{ item.name }}', content: '{{ item.text }}' } },
    items: [
      { name: 'x', text: '1' },
      { name: 'y', text: '2' },
      { name: 'x', text: '3' },
      { name: 'x', text: '3' },
      { name: 'y', text: '1' },
    ],
  },
  'a turn that fails among others': {
    task: { copy: { dest: '{{ there }}/{{ item }}', content: 'x' } },
    items: ['one', 'missing/two', 'three', 'four', 'missing/five', 'six'],
  },
  'a turn that fails on the host': {
    before: [
      { file: { path: '{{ there }}/full', state: 'directory' } },
      { copy: { dest: '{{ there }}/full/x', content: '' } },
    ],
    task: { command: 'rmdir {{ there }}/{{ item }}' },
    items: ['full', 'full'],
  },
  'a turn that cannot be evaluated': {
    task: { copy: { dest: '{{ there }}/{{ item.name }}', content: 'x' } },
    items: [{ name: 'a' }, { name: 'b' }, { other: 'c' }, { name: 'd' }],
  },
  'turns that are passed over': {
    task: { copy: { dest: '{{ there }}/{{ item }}', content: 'x' }, when: 'item % 2 == 0' },
    items: range(9),
  },
  'coming and going of the same things': {
    task: { file: { path: '{{ there }}/{{ item.path }}', state: '{{ item.state }}' } },
    items: [
      { path: 'a/b', state: 'directory' },
      { path: 'a/b/f', state: 'touch' },
      { path: 'a', state: 'absent' },
      { path: 'a', state: 'directory' },
      { path: 'a/g', state: 'touch' },
      { path: 'a/b/f', state: 'absent' },
    ],
  },
  'links, one after the other': {
    task: { file: { src: '{{ there }}/{{ item }}', dest: '{{ there }}/{{ item + 1 }}', state: 'link', force: true } },
    items: range(4),
  },
  'what a turn judges by itself': {
    task: {
      copy: { dest: '{{ there }}/{{ item }}', content: 'x' },
      changed_when: 'item > 2',
      failed_when: 'item == 4',
    },
    items: range(6),
  },
  'what asks for the turn before': {
    task: {
      copy: { dest: '{{ there }}/{{ item }}', content: '{{ (made | default({})).dest | default("none") | basename }}' },
      register: 'made',
    },
    items: range(3),
  },
}

describe('turns of a loop', () => {
  it.each(Object.entries(loops))(
    '%s: come out alike, overlapping or not',
    async (_name, { task, items, before = [] }) => {
      const [overlapping, inOrder] = await Promise.all([
        went(task, items, before, {}),
        went(task, items, before, { pause: 0 }),
      ])
      expect(overlapping).toEqual(inOrder)
    },
  )

  it('go to the host together', async () => {
    const here = scratch()
    const played = await play({
      directory: here,
      playbook: stringify([
        {
          hosts: 'a',
          gather_facts: false,
          tasks: [
            { name: 'files', copy: { dest: '{{ here }}/{{ item }}', content: '{{ item }}' }, loop: '{{ range(100) }}' },
          ],
        },
      ]),
    })
    expect(played.of('files')).toMatchObject({ outcome: 'changed' })
    // One to read, one to write.
    expect(played.recap['a']?.wire.requests).toBe(2)
  })
})

/** Runs the loop in a directory of its own, whose name is taken out of all that came of it. */
async function went(
  task: JsonObject,
  items: readonly unknown[],
  before: readonly JsonObject[],
  control: JsonObject,
): Promise<{
  readonly outcome: string
  readonly items: readonly unknown[]
  readonly left: string
  readonly result: unknown
}> {
  const here = scratch()
  const there = join(here, 'there')
  mkdirSync(there)
  const tasks = [...before, { name: 'the loop', ...task, loop: items, loop_control: control, ignore_errors: true }]
  const played = await play({
    directory: here,
    playbook: stringify([{ hosts: 'a', gather_facts: false, vars: { there }, tasks }]),
  })
  const { outcome, message, items: turns, result } = played.of('the loop')
  const list = `find . -printf '%p %y %m %l\\n' | sort; find . -type f | sort | xargs -r tail -v -n +1`
  const left = execFileSync('sh', ['-c', list], { cwd: there, encoding: 'utf8' }).replaceAll(here, 'HERE')
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(here, 'HERE')
        .replaceAll(/"(?:mtime|ctime|atime|inode|start|end|delta|cmd)":(?:[\d.]+|"[^"]*")/g, '"time":0')
        .replaceAll(/\.drover-[0-9a-f]{16}/g, '.drover-X'),
    )
  return { outcome, items: plain([message, ...turns]) as readonly unknown[], left, result: plain(result) }
}
