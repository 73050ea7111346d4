import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { modules } from '../../modules/index.ts'
import { statements } from '../../runner/language/statements.ts'
import type { Documented } from '../../schema/editor.ts'
import { editorSchemas, schemaText } from '../../schema/editor.ts'

const directory = new URL('../../schema/', import.meta.url)

describe('the schemas in schema/ are up to date (UPDATE_SCHEMAS=1 writes them)', () => {
  test.each(Object.entries(editorSchemas([...modules, ...statements])))('%s', (name, schema) => {
    const file = new URL(name, directory)
    if (process.env['UPDATE_SCHEMAS'] !== undefined) writeFileSync(file, schemaText(schema))
    expect(
      readFileSync(file, 'utf8') === schemaText(schema),
      'UPDATE_SCHEMAS=1 npx vitest run test/schema/editor.test.ts',
    ).toBe(true)
  })
})

const copy: Documented = {
  name: 'copy',
  aliases: ['ansible.windows.win_copy'],
  summary: 'Copy.',
  args: {
    type: 'object',
    required: ['dest'],
    properties: {
      dest: { type: 'string' },
      force: { type: 'boolean' },
      names: { type: 'array', items: { type: 'string' } },
      state: { type: 'string', enum: ['a', 'b'] },
    },
  },
}
const schemas = editorSchemas([copy, { name: 'ping', summary: 'Ping.', args: { type: 'object', properties: {} } }])
const ajv = new Ajv({ strict: false })
const playbook = ajv.compile(schemas['playbook.schema.json'] ?? {})
const tasks = ajv.compile(schemas['tasks.schema.json'] ?? {})
const inventory = ajv.compile(schemas['inventory.schema.json'] ?? {})
const task = (value: object) => tasks([value])

test.each<[string, boolean, object]>([
  ['a task', true, { name: 'x', copy: { dest: '/a', force: true }, when: 'x', tags: ['a'] }],
  [
    'templates for any leaf',
    true,
    {
      copy: { dest: '{{ d }}', force: '{{ f }}', names: '{{ n }}', state: '{{ s }}' },
      become: '{{ b }}',
      retries: '{{ r }}',
    },
  ],
  ['one entry or a comma list', true, { copy: { dest: 1, names: 'a,b' } }],
  ['the short form', true, { copy: 'dest=/a' }],
  ['no arguments where none are needed', true, { ping: null }],
  ['a fully qualified name', true, { 'ansible.builtin.copy': { dest: '/a' } }],
  ['a block', true, { block: [{ ping: null }], rescue: [{ ping: null }], when: 'x' }],
  ['action', true, { action: 'copy dest=/a' }],
  ['no module', false, { name: 'x' }],
  ['two modules', false, { ping: null, copy: { dest: '/a' } }],
  ['no arguments where one is needed', false, { copy: null }],
  ['an unknown keyword', false, { ping: null, whn: 'x' }],
  ['an unknown argument', false, { copy: { dest: '/a', dset: 1 } }],
  ['a wrong choice', false, { copy: { dest: '/a', state: 'c' } }],
  ['a wrong boolean', false, { copy: { dest: '/a', force: 'maybe' } }],
  ['an unknown fully qualified name', false, { 'ansible.builtin.cp': { dest: '/a' } }],
  ['a wrong task in a block', false, { block: [{ nope: 1 }] }],
])('%s: %j', (_, valid, value) => {
  expect(task(value)).toBe(valid)
})

test('plays and imports', () => {
  expect(playbook([{ hosts: 'all', tasks: [{ ping: null }] }, { import_playbook: 'x.yml' }])).toBe(true)
  expect(playbook([{ tasks: [] }])).toBe(false)
  expect(playbook([{ hosts: 'all', task: [] }])).toBe(false)
  expect(playbook([{ import_playbook: 'x.yml', tasks: [] }])).toBe(false)
})

test('inventories', () => {
  expect(
    inventory({
      all: {
        hosts: { a: null, b: { ansible_port: 22, x: [1] } },
        children: { web: { hosts: { a: null } } },
        vars: { v: 1 },
      },
    }),
  ).toBe(true)
  expect(inventory({ all: { host: { a: null } } })).toBe(false)
})
