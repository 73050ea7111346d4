import * as fc from 'fast-check'
import type { Json, JsonObject } from '../../../schema/infer.ts'

/**
 * Plays put together at random, in which one task finds what others have left: files that come, change and go, conditions on results,
 * loops, handlers, includes, blocks. All that a host does is below its own directory `at`.
 */
export const randomPlay: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(null).chain(() => task) },
      { weight: 1, arbitrary: fc.constant(null).chain(() => block) },
    ),
    { minLength: 3, maxLength: 10 },
  )
  .map((tasks) => ({
    hosts: 'all',
    gather_facts: false,
    vars: { at: '{{ here }}/{{ inventory_hostname }}' },
    tasks,
    handlers: [
      { name: 'h1', shell: 'echo h1 >> {{ at }}/log' },
      { name: 'h2', file: { path: '{{ at }}/handled', state: 'directory' }, listen: 'heard' },
    ],
  }))

/** What the plays need beside them; `a` and `b` are their hosts. */
export const randomPlayFiles: Readonly<Record<string, string>> = {
  'a/keep': '',
  'b/keep': '',
  'hello.j2': 'hello {{ inventory_hostname }} {{ v | default("-") }}\n',
  'inner.yml': `- { copy: { dest: "{{ at }}/inner", content: "{{ v | default(0) }}" }, register: x }
- { file: { path: "{{ at }}/inner.d", state: directory }, when: x is changed }
`,
}

const name = fc.constantFrom('p', 'q', 'r')
const path = name.map((each) => `{{ at }}/${each}`)

const file = fc
  .tuple(path, fc.constantFrom('directory', 'absent', 'touch', 'file'))
  .map(([at, state]) => ({ file: { path: at, state } }))
const copy = fc
  .tuple(path, fc.constantFrom('one\n', 'two\n', '{{ v | default(0) }}\n'), fc.constantFrom('0644', '0600'))
  .map(([dest, content, mode]) => ({ copy: { dest, content, mode } }))
const template = path.map((dest) => ({ template: { src: 'hello.j2', dest } }))
const option = fc.tuple(name, name).map(([at, key]) => ({
  ini_set: { path: `{{ at }}/${at}.ini`, section: 's', option: key, value: '{{ v | default(1) }}', create: true },
}))
const line = fc
  .tuple(name, fc.constantFrom('present', 'absent'))
  .map(([text, state]) => ({ lineinfile: { path: '{{ at }}/lines', line: text, state, create: true } }))
const look = path.map((at) => ({ stat: { path: at }, register: 'x' }))
const command = fc.tuple(name, fc.boolean()).map(([text, looks]) => ({
  shell: looks ? 'ls {{ at }}' : `echo ${text} >> {{ at }}/log; ls {{ at }}`,
  register: 'x',
  ...(looks ? { changed_when: false } : {}),
}))
const guarded = name.map((at) => ({ command: { cmd: `mkdir {{ at }}/${at}.made`, creates: `{{ at }}/${at}.made` } }))
const fact = name.map((value) => ({ set_fact: { v: value } }))
const said = fc.constant({ debug: { msg: '{{ x.stdout | default(v) | default(0) }} {{ x is changed }}' } })
const failing = fc.constant({ fail: {}, when: 'x is changed' })
const included = fc.constant({ include_tasks: 'inner.yml' })
const flushed = fc.constant({ meta: 'flush_handlers' })
const elsewhere = name.map((at) => ({
  copy: { dest: `{{ here }}/b/${at}`, content: '{{ inventory_hostname }}' },
  run_once: true,
  delegate_to: 'b',
}))
const looped = fc
  .tuple(
    fc.array(fc.constantFrom('p', 'q', 'r', 'p/s', 'l'), { minLength: 1, maxLength: 5 }),
    fc.constantFrom<JsonObject>(
      { file: { path: '{{ at }}/{{ item }}', state: 'directory' } },
      { file: { path: '{{ at }}/{{ item }}', state: 'absent' } },
      { copy: { dest: '{{ at }}/{{ item }}', content: 'looped {{ item }}\n' } },
      { lineinfile: { path: '{{ at }}/lines', line: '{{ item }}', create: true } },
      { template: { src: 'hello.j2', dest: '{{ at }}/{{ item }}' }, when: 'item != "l"' },
    ),
  )
  .map(([loop, body]) => ({ ...body, loop }))

const keywords = fc.record(
  {
    when: fc.constantFrom('inventory_hostname == "a"', 'x is defined and x is changed', 'v is defined'),
    notify: fc.constantFrom<Json>('h1', 'heard', ['h1', 'heard']),
    failed_when: fc.constantFrom('inventory_hostname == "b"', 'false'),
  },
  { requiredKeys: [] },
)

/** Mostly something that is planned from what was read; what fails is mostly passed over, lest hosts have nothing to do. */
const task: fc.Arbitrary<Json> = fc
  .tuple(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc
          .tuple(
            fc.oneof(file, copy, template, option, line, guarded, looped),
            fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: keywords }),
            fc.boolean(),
            fc.integer({ max: 7, min: 0 }),
          )
          .map(([body, more, keeps, dies]) => ({
            ...more,
            ...body,
            ...(keeps ? { register: 'x' } : {}),
            ...(dies === 0 ? {} : { ignore_errors: true }),
          })),
      },
      { weight: 7, arbitrary: fc.oneof(look, command, fact, said, failing, included, flushed, elsewhere) },
    ),
  )
  .map(([each]) => each as Json)

const block: fc.Arbitrary<Json> = fc
  .record({
    block: fc.array(task, { minLength: 1, maxLength: 3 }),
    rescue: fc.array(task, { minLength: 1, maxLength: 2 }),
    always: fc.array(task, { minLength: 1, maxLength: 2 }),
  })
  .map((each) => each as Json)
