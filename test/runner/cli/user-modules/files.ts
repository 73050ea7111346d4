/** A module of a user's that keeps a greeting in a file; `more` replaces parts of it. */
export const greeting = (
  more: { readonly name?: string; readonly args?: string; readonly plan?: string } = {},
): string =>
  `import { defineModule, propose, readFile, replaceFile } from 'drover'

export default defineModule({
  name: '${more.name ?? 'greeting'}',
  summary: 'Keep a greeting in a file.',
  args: ${
    more.args ??
    `{
    type: 'object',
    required: ['path'],
    properties: { path: { type: 'string', format: 'path' }, name: { type: 'string', default: 'world' } },
  }`
  },
  examples: [{ title: 'Greet the world', task: 'greeting: { path: "{{ scratch }}/hello.txt" }' }],
  async observe(host, { path }) {
    return { file: await readFile(host, path) }
  },
  plan({ name }, { file }) {
    ${
      more.plan ??
      `const after = Buffer.from('Hello, ' + name + '!\\n')
    const step = replaceFile({ path: file.real, stat: file.stat, before: file.before, after, ownership: {} })
    return propose(step === null ? [] : [step])`
    }
  },
})
`

export const inventory = 'h ansible_connection=local\n'
/** A playbook with these tasks, each in a line. */
export const playbook = (...tasks: readonly string[]): string =>
  ['- hosts: all', '  gather_facts: false', '  tasks:', ...tasks.map((task) => `    - ${task}`), ''].join('\n')
