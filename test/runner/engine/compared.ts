import type { Case } from './ansible-cases.ts'

/** What is compared: tasks in order with how they went on each host, what `debug` showed, and the recap. */
export interface Compared {
  readonly tasks: readonly {
    readonly name: string
    readonly hosts: Readonly<Record<string, string>>
    readonly said: Readonly<Record<string, unknown>>
  }[]
  readonly recap: Readonly<Record<string, string>>
}

export const group = (index: number): string => `g${index}x`
/** Nothing listens there. */
const unreachable = 'ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1'
export const hostsOf = (each: Case, index: number): string =>
  `[${group(index)}]\n${['a', 'b', 'c'].map((me) => `${group(index)}${me} me=${me} ${each.unreachable === me ? unreachable : ''}`).join('\n')}\n`
export const filled = (text: string, index: number): string => text.replaceAll('GROUP', group(index))
export const filesOf = (each: Case, index: number): Record<string, string> =>
  Object.fromEntries(Object.entries(each.files ?? {}).map(([name, text]) => [filled(name, index), filled(text, index)]))

export const sorted = <T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** Numbers and booleans as text: Ansible shows them as such, drover keeps their types. */
export const asText = (value: unknown): unknown =>
  typeof value === 'number' ? String(value) : typeof value === 'boolean' ? (value ? 'True' : 'False') : value
