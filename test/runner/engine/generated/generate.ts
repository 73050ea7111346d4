import type { Case } from '../ansible-cases.ts'
import { deeper, type Dice, diceOf } from './dice.ts'
import { condition, type Flavour, flavours } from './flavour.ts'
import { Writer } from './tasks.ts'

/** Small plays put together at random from the parts of the language, the same for the same seed. */
export function generateCases(count: number, seed: number): readonly Case[] {
  const dice = diceOf(seed)
  return Array.from({ length: count }, (_, index) => {
    const flavour = flavours[index % flavours.length] ?? 'plain'
    return { name: `generated ${index}: ${flavour}`, ...generatePlay(dice, flavour) }
  })
}

const selections: readonly [NonNullable<Case['options']>, ...NonNullable<Case['options']>[]] = [
  { tags: ['one'] },
  { tags: ['two', 'untagged'] },
  { tags: ['never'] },
  { tags: ['all'], skip: ['one'] },
  { skip: ['two', 'always'] },
]

function generatePlay(dice: Dice, flavour: Flavour): Omit<Case, 'name'> {
  const { chance, pick, some } = dice
  const writer = new Writer(dice, flavour)
  const limits =
    flavour === 'fatal'
      ? some(
          0.9,
          'any_errors_fatal: true',
          'max_fail_percentage: 30',
          'max_fail_percentage: 60',
          'max_fail_percentage: 0',
        )
      : some(0.1, 'max_fail_percentage: 30', 'max_fail_percentage: 60')
  const head = [
    some(0.15, 'serial: 1', 'serial: 2', "serial: ['50%', 1]"),
    limits,
    // Where Ansible is to force handlers, it does not end a play that has too many failures.
    limits === '' ? some(0.1, 'force_handlers: true') : '',
    some(0.1, 'order: reverse_inventory', 'order: reverse_sorted'),
    some(0.3, 'vars: { level: 2 }', 'vars: { flag: true }'),
    flavour === 'unreachable' ? some(0.3, 'ignore_unreachable: true') : '',
    flavour === 'defaults' ? writer.defaults(0.6) : '',
    flavour === 'roles'
      ? pick(['roles: [GROUPr1]\n', 'roles: [GROUPr2, GROUPr1]\n', 'roles: [{ role: GROUPr2, setting: given }]\n', ''])
      : '',
    writer.tags(0.1),
  ].join('')
  const before = chance(0.1) ? `pre_tasks:\n${deeper(writer.task())}` : ''
  const after = chance(0.1) ? `post_tasks:\n${deeper(writer.task())}` : ''
  const tasks = writer.list(2, 4)
  const playbook = `- hosts: GROUP\n  gather_facts: false\n${deeper(head + before)}  tasks:\n${deeper(tasks, 4)}${deeper(after)}  handlers:\n${deeper(handlers(dice), 4)}`
  const options = flavour === 'tagged' ? pick(selections) : undefined
  return {
    playbook,
    files: {
      'GROUPinner.yml': writer.task() + writer.task(),
      // A role that brings itself in never ends.
      ...(flavour === 'roles' ? roles(dice, new Writer(dice, 'plain', 100)) : {}),
    },
    ...(flavour === 'unreachable' ? { unreachable: pick(['a', 'b', 'c']) } : {}),
    ...(options === undefined
      ? {}
      : {
          options,
          alone: [
            ...(options.tags === undefined ? [] : ['--tags', options.tags.join(',')]),
            ...(options.skip === undefined ? [] : ['--skip-tags', options.skip.join(',')]),
          ],
        }),
  }
}

function handlers(dice: Dice): string {
  const { some } = dice
  return (
    `- name: h1\n  debug: { msg: "h1 {{ me }}" }\n${deeper(some(0.3, 'listen: heard') + some(0.2, `when: ${condition(dice)}`))}` +
    `- name: h2\n  debug: { msg: h2 }\n  listen: heard\n${deeper(some(0.3, 'changed_when: true\nnotify: h3', `failed_when: me == 'a'`))}` +
    `- name: h3\n  debug: { msg: h3 }\n`
  )
}

const show = (name: string): string =>
  `- name: show\n  debug: { msg: "${name} {{ setting }} {{ level | default('-') }} {{ role_name }}" }\n`

/** Two roles; the second may depend on the first. */
function roles({ some, pick }: Dice, writer: Writer): Record<string, string> {
  return {
    'roles/GROUPr1/defaults/main.yml': 'setting: first\n',
    'roles/GROUPr1/tasks/main.yml': show('r1') + writer.list(1, 2),
    'roles/GROUPr1/handlers/main.yml': `- name: h1\n  debug: { msg: "r1 {{ setting }}" }\n${deeper(some(0.4, 'listen: heard'))}`,
    'roles/GROUPr2/defaults/main.yml': 'setting: second\n',
    'roles/GROUPr2/vars/main.yml': pick(['level: 7\n', '{}\n']),
    'roles/GROUPr2/meta/main.yml': `dependencies: ${pick(['[]', '[GROUPr1]', '[{ role: GROUPr1, setting: dep }]'])}\n`,
    'roles/GROUPr2/tasks/main.yml': show('r2') + writer.task(),
    'roles/GROUPr2/handlers/main.yml': '- name: h3\n  debug: { msg: "r2 h3" }\n',
  }
}
