import type { Creator } from '../facts/creator.ts'
import { packetFilter, type RulesStore } from '../facts/packet-filter.ts'
import type { Step } from '../step.ts'
import { becomes } from '../step.ts'
import type { IptablesArgs as Args } from './iptables-args.ts'
import { editRulesText } from './iptables-file.ts'
import { editActions } from './iptables-guard.ts'
import type { IpVersion, Names } from './iptables-names.ts'
import { placeIn, type TableWish } from './iptables-place.ts'
import { parseRule, printRule, type Dialect } from './iptables-rule.ts'
import { ruleWords } from './iptables-rule-words.ts'
import { editTable, parseTable, printTable, rulesOf, type Table, type TableEdit } from './iptables-table.ts'
import { joinWords } from './iptables-words.ts'
import { makeDirectory, type Way } from './parents.ts'
import { replaceFile, type FileBefore } from './replace-file.ts'

export interface FilterState {
  readonly version: IpVersion
  readonly running: Table
  readonly kept: { readonly store: RulesStore; readonly file: FileBefore | null; readonly way: Way } | null
}
export type Planned = { readonly steps: readonly Step[]; readonly warnings: readonly string[] } | string

/** The rule of a task as one line. */
export const ruleText = (args: Args): string =>
  ruleWords(args, args.ip_version === 'ipv6' ? 'ipv6' : 'ipv4')
    .map(joinWords)
    .join('; ')

/** The steps to one packet filter as a task wants it, in force and in the file that keeps it; or why that cannot be. */
export function planVersion(
  args: Args,
  { version, running, kept }: FilterState,
  { names, creator }: { readonly names: Names; readonly creator: Creator },
): Planned {
  const dialect: Dialect = { version, names }
  const wish = wishOf(args, dialect)
  const placed = placeIn(running, wish, dialect)
  if (typeof placed === 'string') return placed
  const after = placed.edits.reduce(editTable, running)
  const steps = placed.edits.length === 0 ? [] : [filterStep(args, running, after, placed.edits, dialect)]
  if (kept === null) return { steps, warnings: placed.warnings }
  const keeping = keep(wish, after, kept, dialect, creator)
  if (typeof keeping === 'string') return keeping
  return { steps: [...steps, ...keeping.steps], warnings: [...placed.warnings, ...keeping.warnings] }
}

function wishOf(args: Args, dialect: Dialect): TableWish {
  return {
    chain: args.chain ?? null,
    rules:
      args.flush || args.policy !== undefined
        ? []
        : ruleWords(args, dialect.version).map((words) => parseRule(words, dialect)),
    state: args.state,
    action: args.action,
    position: args.rule_num ?? 1,
    policy: args.policy ?? null,
    flush: args.flush,
    manageChain: args.chain_management,
  }
}

function filterStep(args: Args, before: Table, after: Table, edits: readonly TableEdit[], dialect: Dialect): Step {
  const tool = dialect.version === 'ipv6' ? 'ip6tables' : 'iptables'
  const chains = new Set(edits.map(({ chain }) => chain))
  const shown = (table: Table): string => {
    const concerned = table.chains.filter(({ name }) => chains.has(name))
    // In their one form, so that what a check shows is what the run shows.
    const plain = concerned.map((chain) => ({ ...chain, rules: rulesOf(chain, dialect).map(printRule) }))
    return printTable({ ...table, chains: plain }).replaceAll(' [0:0]\n', '\n')
  }
  const options = { wait: args.wait, counters: args.set_counters, timeout: args.confirm_timeout }
  return {
    change: {
      subject: `${tool} ${after.name} ${[...chains].join(', ')}`,
      verb: 'update',
      text: { before: shown(before), after: shown(after) },
    },
    ...editActions(before, edits, dialect, options),
    effects: [becomes(packetFilter(dialect.version, after.name), after)],
  }
}

/** The steps that make the file hold what the task is about. A table that it does not have is written as it runs. */
function keep(
  wish: TableWish,
  running: Table,
  { store, file, way }: NonNullable<FilterState['kept']>,
  dialect: Dialect,
  creator: Creator,
): Planned {
  if (file === null)
    return 'nothing on this host loads rules at boot: install iptables-persistent (Debian) or iptables-services (RHEL) first, or give persist a path'
  if (way.blocked !== null) return `${file.path} cannot be made: ${way.blocked} is not a directory`
  const text = file.before?.toString('utf8') ?? ''
  const table = parseTable(text, running.name)
  let next = text
  if (table === null) next = `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${printTable(running)}`
  else {
    const length = table.chains.find(({ name }) => name === wish.chain)?.rules.length ?? 0
    const known = table.chains.some(({ name }) => name === wish.chain)
    const manageChain = wish.state === 'present' || (known && wish.manageChain)
    const placed =
      wish.flush && wish.chain !== null && !known
        ? { edits: [] }
        : placeIn(table, { ...wish, position: Math.min(wish.position, length + 1), manageChain }, dialect)
    if (typeof placed === 'string') return `${file.path}: ${placed}`
    next = placed.edits.reduce((lines, edit) => editRulesText(lines, table.name, edit), text)
  }
  const loads =
    store.loader === null
      ? `nothing loads ${file.path} at boot: install iptables-persistent (Debian) or iptables-services (RHEL)`
      : `${store.loader} loads ${file.path}, but is not enabled: it will not at boot`
  const warnings = store.enabled ? [] : [loads]
  const step = replaceFile({
    path: file.real,
    via: file.path,
    link: file.link,
    stat: file.stat,
    before: file.before,
    after: Buffer.from(next),
    ownership: file.stat === null ? { mode: '0600' } : {},
    creator,
    validate: [dialect.version === 'ipv6' ? 'ip6tables-restore' : 'iptables-restore', '--test', '%s'],
  })
  if (step === null) return { steps: [], warnings }
  return { steps: [...way.missing.map((directory) => makeDirectory(directory, {}, creator)), step], warnings }
}
