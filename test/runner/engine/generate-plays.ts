import { randomNumbers } from '../random.ts'
import type { Case } from './ansible-cases.ts'

const deeper = (text: string, by = 2): string => text.replace(/^(?=.)/gm, ' '.repeat(by))

/** Small plays put together at random from the parts of the language, the same for the same seed. */
export function generateCases(count: number, seed: number): readonly Case[] {
  const next = randomNumbers(seed)
  return Array.from({ length: count }, (_, index) => ({
    name: `generated ${index}`,
    ...generatePlay(next),
  }))
}

function generatePlay(next: () => number): Pick<Case, 'playbook' | 'files'> {
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0]
  const chance = (share: number): boolean => next() < share
  let counter = 0
  const some = (share: number, ...lines: readonly [string, ...string[]]): string =>
    chance(share) ? `${pick(lines)}\n` : ''

  const condition = (): string =>
    pick([
      `me == 'a'`,
      `me != 'b'`,
      `me in ['b', 'c']`,
      'flag | default(false)',
      'not (flag | default(true))',
      'level | int > 1',
      'r is defined and r is changed',
      'r is defined and r is failed',
      'r is defined and r is skipped',
      'me is defined',
      'inventory_hostname == ansible_play_hosts[0]',
      'false',
      'true',
    ])

  const keywords = (inHandler: boolean): string =>
    [
      some(0.3, `when: ${condition()}`),
      some(0.15, 'ignore_errors: true'),
      some(0.12, 'run_once: true'),
      some(0.1, 'delegate_to: GROUPb', 'delegate_to: "{{ groups.GROUP[0] }}"'),
      some(0.15, 'vars: { level: 3 }', 'vars: { level: "{{ me }}-own", flag: true }'),
      inHandler ? '' : some(0.3, 'notify: h1', 'notify: [h2, h1]', 'notify: heard'),
    ].join('')

  const task = (inHandler = false): string => {
    counter += 1
    const name = `name: t${counter}\n`
    const loop = chance(0.2) ? `loop: ${pick(['[1, 2]', '[]', "['x', '{{ me }}']", '"{{ range(3) | list }}"'])}\n` : ''
    const item = loop === '' ? '' : ' {{ item }}'
    const body = pick<() => string>([
      () => `debug: { msg: "{{ me }} {{ level | default('none') }} {{ flag | default('unset') }}${item}" }\n`,
      () => `debug: { msg: "{{ r is defined }} {{ (r | default({})).changed | default('-') }}${item}" }\n`,
      () => `set_fact: { flag: ${pick(['true', 'false', `"{{ me == 'a' }}"`])} }\n`,
      () => `set_fact: { level: "${below(4)}" }\n`,
      () => `fail: { msg: "no ${counter}" }\nwhen: ${condition()}\n`,
      () => `debug: { msg: changing }\nchanged_when: ${pick(['true', `me == 'c'`, 'false'])}\n`,
      () =>
        `debug: { msg: failing }\nfailed_when: ${pick([`me == 'b'`, 'false', `me == 'a' and not ansible_check_mode`])}\n`,
      () => `debug: { msg: "changed${item}" }\nchanged_when: true\nregister: r\n`,
    ])()
    const rest = keywords(inHandler)
    const lines =
      body + loop + (body.includes('when:') && !body.includes('_when:') ? rest.replace(/^when:.*\n/m, '') : rest)
    return `- ${deeper(name + lines + some(inHandler || body.includes('register') ? 0 : 0.15, 'register: r')).trimStart()}`
  }
  const list = (depth: number, most: number): string => {
    let text = ''
    for (let left = 1 + below(most); left > 0; left -= 1) text += depth > 0 && chance(0.3) ? block(depth - 1) : extra()
    return text
  }
  const extra = (): string =>
    chance(0.06)
      ? '- meta: flush_handlers\n'
      : chance(0.08)
        ? `- include_tasks: GROUPinner.yml\n${deeper(some(0.4, `when: ${condition()}`) + some(0.3, 'vars: { flag: true }'))}`
        : chance(0.06)
          ? `- import_tasks: GROUPinner.yml\n${deeper(some(0.4, `when: ${condition()}`) + some(0.4, 'vars: { level: imp }'))}`
          : task()
  const block = (depth: number): string =>
    `- block:\n${deeper(list(depth, 3), 4)}${deeper(
      (chance(0.6) ? `rescue:\n${deeper(list(depth, 2))}` : '') +
        (chance(0.5) ? `always:\n${deeper(list(depth, 2))}` : '') +
        some(0.25, `when: ${condition()}`) +
        some(0.15, 'ignore_errors: true') +
        some(0.2, 'vars: { level: block }'),
    )}`
  const head = [
    some(0.15, 'serial: 1', 'serial: 2', "serial: ['50%', 1]"),
    some(0.1, 'max_fail_percentage: 30', 'max_fail_percentage: 60'),
    some(0.1, 'force_handlers: true'),
    some(0.3, 'vars: { level: 2 }', 'vars: { flag: true }'),
  ].join('')
  const handlers =
    `- name: h1\n  debug: { msg: "h1 {{ me }}" }\n${deeper(some(0.3, 'listen: heard') + some(0.2, `when: ${condition()}`))}` +
    `- name: h2\n  debug: { msg: h2 }\n  listen: heard\n${deeper(some(0.3, 'changed_when: true\nnotify: h3', `failed_when: me == 'a'`))}` +
    `- name: h3\n  debug: { msg: h3 }\n`
  return {
    playbook: `- hosts: GROUP\n  gather_facts: false\n${deeper(head)}  tasks:\n${deeper(list(2, 4), 4)}  handlers:\n${deeper(handlers, 4)}`,
    files: { 'GROUPinner.yml': task() + task() },
  }
}
