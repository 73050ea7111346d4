import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure, type Usage } from './measure.ts'
import { table } from './table.ts'

/** What drover does by itself, without hosts, with more and more of something: the figures tell whether it grows in proportion. */
interface ScaleCase {
  readonly name: string
  readonly sizes: readonly number[]
  /** Writes what it takes into an empty directory, and gives the words behind `drover`. */
  readonly prepare: (directory: string, size: number) => readonly string[]
}
export interface Scaled {
  readonly name: string
  readonly size: number
  readonly usage: Usage
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const lines = (count: number, line: (index: number) => string): string => upTo(count).map(line).join('')

export const scaleCases: readonly ScaleCase[] = [
  {
    name: 'syntax-check',
    sizes: [500, 1000, 2000],
    prepare: (directory, size) => {
      const files = upTo(size / 20).map((index) => `tasks${index}.yml`)
      for (const file of files)
        write(
          directory,
          file,
          lines(
            20,
            (index) =>
              `- name: task ${index}\n  copy: { content: "{{ v${index} }} is here", dest: "/etc/${index}", mode: "0644" }\n  when: v${index} is defined\n`,
          ),
        )
      const vars = upTo(20).map((index) => `v${index}: ${index}`)
      const imports = files.map((file) => `    - import_tasks: ${file}\n`)
      const playbook = write(
        directory,
        'site.yml',
        `- hosts: all\n  vars: { ${vars.join(', ')} }\n  tasks:\n${imports.join('')}`,
      )
      return ['run', playbook, '-i', 'localhost,', '--syntax-check']
    },
  },
  {
    name: 'inventory',
    sizes: [250, 500, 1000],
    prepare: (directory, size) => {
      const hosts = lines(size, (index) => `h${index} ansible_host=10.0.${index % 250}.1\n`)
      write(
        directory,
        'group_vars/web.yml',
        lines(1000, (index) => `variable_${index}: value ${index}\n`),
      )
      return ['inventory', '--list', '-i', write(directory, 'hosts', `[web]\n${hosts}`)]
    },
  },
  {
    name: 'loop',
    sizes: [2500, 5000, 10_000],
    prepare: (directory, size) => {
      const loop = `      loop: "{{ range(${size}) | list }}"\n`
      const tasks = `    - set_fact: { seen: "{{ item }}" }\n${loop}    - debug: { msg: "{{ item }} {{ seen }}" }\n${loop}`
      const playbook = write(directory, 'site.yml', `- hosts: localhost\n  gather_facts: false\n  tasks:\n${tasks}`)
      return ['run', playbook, '-i', 'localhost,']
    },
  },
]

const main = fileURLToPath(new URL('../../dist/runner/cli/main.js', import.meta.url))

/** Measures each size of the cases; of several rounds, the one with the least processor. */
export async function scale(
  cases: readonly ScaleCase[],
  directory: string,
  rounds: number,
): Promise<readonly Scaled[]> {
  const measured: Scaled[] = []
  for (const { name, sizes, prepare } of cases)
    for (const size of sizes) {
      const words = prepare(join(directory, `${name}-${size}`), size)
      const usages: Usage[] = []
      for (const _ of upTo(rounds)) usages.push(await measure([process.execPath, main, ...words]))
      const [usage] = usages.toSorted((a, b) => a.cpu - b.cpu)
      if (usage !== undefined) measured.push({ name, size, usage })
    }
  return measured
}

/** The figures as a table of Markdown. */
export const scaleReport = (measured: readonly Scaled[]): string =>
  table(
    ['case', 'size', 's', 'CPU s', 'MiB'],
    measured.map(({ name, size, usage: { wall, cpu, memory } }) => [
      name,
      `${size}`,
      wall.toFixed(2),
      cpu.toFixed(2),
      (memory / 2 ** 20).toFixed(0),
    ]),
  ).join('\n')

function write(directory: string, name: string, text: string): string {
  const path = join(directory, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
