import { parseRule, printRule, type Dialect, type Rule } from './iptables-rule.ts'
import { joinWords, splitWords } from './iptables-words.ts'

/** One table of a packet filter. */
export interface Table {
  readonly name: string
  readonly chains: readonly Chain[]
}
export interface Chain {
  readonly name: string
  /** What becomes of a packet that no rule decides about; null for a chain of the user's own. */
  readonly policy: string | null
  /** Each as its words, as iptables-save prints them after `-A CHAIN`. */
  readonly rules: readonly (readonly string[])[]
}

/** The chains that the kernel has (iptables(8)). */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
}

/** A table that nothing has been done to yet: nft prints none, and the kernel has its chains all the same. */
const untouched = (name: string): readonly Chain[] =>
  (BUILT_IN[name] ?? []).map((chain) => ({ name: chain, policy: 'ACCEPT', rules: [] }))

/** One table of what iptables-save printed, or of a file for iptables-restore; null where the text has no such table. */
export function parseTable(text: string, name: string): Table | null {
  const chains = new Map<string, { name: string; policy: string | null; rules: (readonly string[])[] }>()
  let inside = false
  let found = false
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) inside = line.slice(1).trim() === name
    if (!inside) continue
    found = true
    if (line.trim() === 'COMMIT') inside = false
    if (line.startsWith(':')) {
      const [chain = '', policy = '-'] = line.slice(1).trim().split(/\s+/)
      chains.set(chain, { name: chain, policy: policy === '-' ? null : policy, rules: [] })
    } else {
      const [verb, chain = '', ...words] = splitWords(line.replace(/^\[\d+:\d+\]\s*/, ''))
      if (verb === '-A' || verb === '--append') {
        const at = chains.get(chain) ?? {
          name: chain,
          policy: BUILT_IN[name]?.includes(chain) ? 'ACCEPT' : null,
          rules: [],
        }
        at.rules.push(words)
        chains.set(chain, at)
      }
    }
  }
  if (!found) return null
  const missing = untouched(name).filter((chain) => !chains.has(chain.name))
  return { name, chains: [...chains.values(), ...missing] }
}

/** What `iptables-save -t NAME` printed. */
export const runningTable = (text: string, name: string): Table =>
  parseTable(text, name) ?? { name, chains: untouched(name) }

/** A table as iptables-restore reads it. */
export const printTable = ({ name, chains }: Table): string =>
  [
    `*${name}`,
    ...chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]`),
    ...chains.flatMap((chain) => chain.rules.map((words) => `-A ${chain.name} ${joinWords(words)}`)),
    'COMMIT',
    '',
  ].join('\n')

/** One change of a table; positions count from 1, as iptables does, and are those when its turn comes. */
export type TableEdit =
  | { readonly do: 'insert'; readonly chain: string; readonly at: number; readonly rule: Rule }
  | { readonly do: 'delete'; readonly chain: string; readonly at: number }
  | { readonly do: 'flush'; readonly chain: string }
  | { readonly do: 'policy'; readonly chain: string; readonly policy: string }
  | { readonly do: 'create'; readonly chain: string }
  | { readonly do: 'drop'; readonly chain: string }

/** A table after a change. */
export function editTable(table: Table, edit: TableEdit): Table {
  const change = (next: (chain: Chain) => Chain): Table => ({
    ...table,
    chains: table.chains.map((chain) => (chain.name === edit.chain ? next(chain) : chain)),
  })
  switch (edit.do) {
    case 'insert':
      return change((chain) => ({ ...chain, rules: chain.rules.toSpliced(edit.at - 1, 0, printRule(edit.rule)) }))
    case 'delete':
      return change((chain) => ({ ...chain, rules: chain.rules.toSpliced(edit.at - 1, 1) }))
    case 'flush':
      return change((chain) => ({ ...chain, rules: [] }))
    case 'policy':
      return change((chain) => ({ ...chain, policy: edit.policy }))
    case 'create':
      return { ...table, chains: [...table.chains, { name: edit.chain, policy: null, rules: [] }] }
    case 'drop':
      return { ...table, chains: table.chains.filter(({ name }) => name !== edit.chain) }
  }
}

/** The words of iptables for a change, after `-w -t TABLE`. */
export function editWords(edit: TableEdit): readonly string[] {
  switch (edit.do) {
    case 'insert':
      return ['-I', edit.chain, String(edit.at), ...printRule(edit.rule)]
    case 'delete':
      return ['-D', edit.chain, String(edit.at)]
    case 'flush':
      return ['-F', edit.chain]
    case 'policy':
      return ['-P', edit.chain, edit.policy]
    case 'create':
      return ['-N', edit.chain]
    case 'drop':
      return ['-X', edit.chain]
  }
}

/** A chain's rules, in their one form. */
export const rulesOf = (chain: Chain, dialect: Dialect): readonly Rule[] =>
  chain.rules.map((words) => parseRule(words, dialect))
