import { deeper, type Dice } from './dice.ts'
import { bodyOf, condition, type Flavour } from './flavour.ts'

/** Writes tasks and blocks of a play; the same numbers for all files of one play, so that each task has a name of its own. */
export class Writer {
  readonly #dice: Dice
  readonly #flavour: Flavour
  #counter: number

  /** `from` is the number before that of its first task. */
  constructor(dice: Dice, flavour: Flavour, from = 0) {
    this.#dice = dice
    this.#flavour = flavour
    this.#counter = from
  }

  task(inHandler = false): string {
    const { chance, pick, some } = this.#dice
    this.#counter += 1
    const items = pick([
      '[1, 2]',
      '[]',
      "['x', '{{ me }}']",
      '"{{ range(3) | list }}"',
      '[a, b]\nloop_control: { index_var: at }',
    ])
    const loop = chance(0.2) ? `loop: ${items}\n` : ''
    const body = bodyOf(this.#dice, this.#flavour, this.#counter, loop === '' ? '' : ' {{ item }}')
    const taken = new Set([...body.matchAll(/^(\w+):/gm)].map(([, word]) => word))
    const keywords = this.#keywords(inHandler)
      .split('\n')
      .filter(
        (line) =>
          !taken.has(/^(\w+):/.exec(line)?.[1] ?? '') && !(body.startsWith('raw') && line.startsWith('delegate_to')),
      )
      .join('\n')
    const register = some(inHandler || taken.has('register') ? 0 : 0.15, 'register: r')
    return `- ${deeper(`name: t${this.#counter}\n${body}${loop}${keywords}${register}`).trimStart()}`
  }

  #keywords(inHandler: boolean): string {
    const { some } = this.#dice
    return [
      some(0.3, `when: ${condition(this.#dice)}`),
      some(0.15, 'ignore_errors: true'),
      some(0.12, 'run_once: true'),
      some(0.1, 'delegate_to: GROUPb', 'delegate_to: "{{ groups.GROUP[0] }}"'),
      some(0.15, 'vars: { level: 3 }', 'vars: { level: "{{ me }}-own", flag: true }'),
      inHandler ? '' : some(0.3, 'notify: h1', 'notify: [h2, h1]', 'notify: heard'),
      inHandler ? '' : this.tags(0.4),
      this.#flavour === 'unreachable' ? some(0.3, 'ignore_unreachable: true') : '',
      this.#flavour === 'defaults' ? this.defaults(0.2) : '',
    ].join('')
  }

  /** Tags in that share of places of a play that is about tags. */
  tags(share: number): string {
    if (this.#flavour !== 'tagged') return ''
    return this.#dice.some(
      share,
      'tags: one',
      'tags: two',
      'tags: [one, two]',
      'tags: always',
      'tags: never',
      'tags: [never, one]',
    )
  }

  defaults(share: number): string {
    return this.#dice.some(
      share,
      'module_defaults: { debug: { msg: default } }',
      'module_defaults: { debug: { msg: "{{ me }} d" }, fail: { msg: sorry } }',
    )
  }

  list(depth: number, most: number, rescued = false): string {
    const { below, chance } = this.#dice
    return Array.from({ length: 1 + below(most) }, () =>
      depth > 0 && chance(0.3) ? this.block(depth - 1) : this.#node(rescued),
    ).join('')
  }

  #node(rescued: boolean): string {
    const { chance, some } = this.#dice
    const when = (share: number): string => some(share, `when: ${condition(this.#dice)}`)
    // In a block with rescue, a handler that fails is counted in a way of its own by Ansible.
    if (!rescued && chance(0.06)) return '- meta: flush_handlers\n'
    if (chance(0.08))
      return `- include_tasks: GROUPinner.yml\n${deeper(when(0.4) + some(0.3, 'vars: { flag: true }') + this.tags(0.5))}`
    if (chance(0.06))
      return `- import_tasks: GROUPinner.yml\n${deeper(when(0.4) + some(0.4, 'vars: { level: imp }') + this.tags(0.5))}`
    if (this.#flavour === 'roles' && chance(0.15))
      return `- ${this.#dice.pick(['include_role', 'import_role'])}: { name: GROUPr1 }\n${deeper(when(0.3) + some(0.3, 'vars: { setting: given }'))}`
    return this.task()
  }

  block(depth: number): string {
    const { chance, some } = this.#dice
    const rescue = chance(0.6)
    // What Ansible does where the play is lost and the block has an always part differs on purpose.
    const always = this.#flavour !== 'fatal' && chance(0.5)
    return `- block:\n${deeper(this.list(depth, 3, rescue), 4)}${deeper(
      (rescue ? `rescue:\n${deeper(this.list(depth, 2, true))}` : '') +
        (always ? `always:\n${deeper(this.list(depth, 2, true))}` : '') +
        some(0.25, `when: ${condition(this.#dice)}`) +
        some(0.15, 'ignore_errors: true') +
        some(0.2, 'vars: { level: block }') +
        this.tags(0.3) +
        (this.#flavour === 'defaults' ? this.defaults(0.3) : ''),
    )}`
  }
}
