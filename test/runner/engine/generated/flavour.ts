import type { Dice } from './dice.ts'

/** What a play is about, beside what all have: one thing at a time, so that a difference has a name. */
export const flavours = [
  'plain',
  'tagged',
  'roles',
  'defaults',
  'unreachable',
  'asserting',
  'retrying',
  'fatal',
  'wrong',
] as const
export type Flavour = (typeof flavours)[number]

/** An expression for `when` and the like. */
export function condition({ pick }: Dice): string {
  return pick([
    `me == 'a'`,
    `me != 'b'`,
    `me in ['b', 'c']`,
    'flag | default(false)',
    'not (flag | default(true))',
    'level | default(0) | int > 1',
    'r is defined and r is changed',
    'r is defined and r is failed',
    'r is defined and r is skipped',
    'me is defined',
    'inventory_hostname == ansible_play_hosts[0]',
    'inventory_hostname == ansible_play_batch[-1]',
    'false',
    'true',
  ])
}

/** What a task does: its module line, maybe with `when` or `register`; `item` is what shows the loop's item. */
export function bodyOf(dice: Dice, flavour: Flavour, counter: number, item: string): string {
  const { below, chance, pick } = dice
  const plain = [
    () => `debug: { msg: "{{ me }} {{ level | default('none') }} {{ flag | default('unset') }}${item}" }\n`,
    () => `debug: { msg: "{{ r is defined }} {{ (r | default({})).changed | default('-') }}${item}" }\n`,
    () => `set_fact: { flag: ${pick(['true', 'false', `"{{ me == 'a' }}"`])} }\n`,
    () => `set_fact: { level: "${below(4)}" }\n`,
    () => `fail: { msg: "no ${counter}" }\nwhen: ${condition(dice)}\n`,
    () => `debug: { msg: changing }\nchanged_when: ${pick(['true', `me == 'c'`, 'false'])}\n`,
    () =>
      `debug: { msg: failing }\nfailed_when: ${pick([`me == 'b'`, 'false', `me == 'a' and not ansible_check_mode`])}\n`,
    () => `debug: { msg: "changed${item}" }\nchanged_when: true\nregister: r\n`,
    () =>
      `debug: { msg: "{{ hostvars['GROUPa'].level | default('-') }} {{ hostvars['GROUPb'].flag | default('-') }}" }\n`,
    () => `debug: { msg: "{{ (r.results | default([])) | map(attribute='changed') | list }}" }\n`,
  ] as const
  const own: Readonly<Record<Flavour, readonly (() => string)[]>> = {
    plain: [],
    tagged: [],
    roles: [],
    fatal: [],
    defaults: [() => 'debug: {}\n', () => `debug: { msg: "own${item}" }\n`, () => 'fail: {}\nwhen: me == "b"\n'],
    unreachable: [() => 'raw: "true"\n', () => 'raw: echo {{ me }}\nchanged_when: false\nregister: r\n'],
    asserting: [
      () => `assert: { that: "${condition(dice)}" }\n`,
      () =>
        `assert: { that: [me is defined, "${condition(dice)}"], fail_msg: "not {{ me }}", success_msg: "yes {{ me }}" }\n`,
    ],
    retrying: [
      () =>
        `debug: { msg: "{{ me }}${item}" }\nregister: r\nuntil: ${condition(dice)}\nretries: ${below(3)}\ndelay: 0\n`,
      () => 'debug: { msg: "{{ r.attempts | default(0) }}" }\n',
      () =>
        `debug: { msg: "try${item}" }\nregister: r\nfailed_when: me == 'b' and r.attempts | default(1) < 2\nretries: 2\ndelay: 0\nuntil: r is not failed\n`,
    ],
    wrong: [
      () => `debug: { msg: "{{ missing }}${item}" }\nregister: r\nignore_errors: true\n`,
      () => `debug: { msg: "{{ me }}${item}" }\nwhen: missing\nregister: r\nignore_errors: true\n`,
      () => `debug: { msg: "x" }\nwhen: level | int > 1\n`,
      () =>
        `debug: { msg: "{{ r.failed | default('-') }} {{ r.results is defined }} {{ r.skipped | default('-') }}" }\n`,
    ],
  }
  const [first, ...rest] = own[flavour]
  return first !== undefined && chance(0.35) ? pick([first, ...rest])() : pick(plain)()
}
