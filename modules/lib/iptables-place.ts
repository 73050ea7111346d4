import { catchesAll, sameRule, type Dialect, type Rule } from './iptables-rule.ts'
import { editTable, rulesOf, type Table, type TableEdit } from './iptables-table.ts'

/** What a table shall be like. */
export interface TableWish {
  readonly chain: string | null
  /** Rules that one task means: one for each of its addresses. Empty where it is about the chain alone. */
  readonly rules: readonly Rule[]
  readonly state: 'present' | 'absent'
  readonly action: 'append' | 'insert'
  /** Where to insert, from 1. */
  readonly position: number
  readonly policy: string | null
  readonly flush: boolean
  /** The chain itself is made, or removed. */
  readonly manageChain: boolean
}

export interface Placement {
  readonly edits: readonly TableEdit[]
  readonly warnings: readonly string[]
}

/** The changes that make a table as wished for, or why they cannot be made. Making them again changes nothing. */
export function placeIn(table: Table, wish: TableWish, dialect: Dialect): Placement | string {
  const edits: TableEdit[] = []
  const warnings: string[] = []
  let now = table
  const add = (edit: TableEdit): void => {
    edits.push(edit)
    now = editTable(now, edit)
  }
  const chainNow = () => now.chains.find(({ name }) => name === wish.chain)
  if (wish.flush) {
    const meant = wish.chain === null ? now.chains : now.chains.filter(({ name }) => name === wish.chain)
    if (wish.chain !== null && meant.length === 0) return missingChain(wish.chain, table)
    for (const { name, rules } of meant) if (rules.length > 0) add({ do: 'flush', chain: name })
    return { edits, warnings }
  }
  if (wish.chain === null) return 'chain is missing: name the chain'
  const { chain } = wish
  if (wish.policy !== null) {
    const found = chainNow()
    if (found === undefined) return missingChain(chain, table)
    if (found.policy === null) return `${chain} is not one of the kernel's own chains: only these have a policy`
    if (found.policy !== wish.policy) add({ do: 'policy', chain, policy: wish.policy })
    return { edits, warnings }
  }
  if (wish.manageChain && wish.rules.length === 0 && wish.state === 'absent') {
    const found = chainNow()
    if (found === undefined) return { edits, warnings }
    if (found.policy !== null) return `${chain} is one of the kernel's own chains, which cannot be removed`
    if (found.rules.length > 0) return `${chain} still has rules: remove them first, with flush: true`
    const user = now.chains.find(({ name, rules }) => name !== chain && rules.some((words) => jumpsTo(words, chain)))
    if (user !== undefined) return `${chain} is still used by a rule of ${user.name}: remove that first`
    add({ do: 'drop', chain })
    return { edits, warnings }
  }
  if (chainNow() === undefined) {
    if (wish.state === 'absent') return { edits, warnings }
    if (!wish.manageChain) return missingChain(chain, table)
    add({ do: 'create', chain })
  }
  // Those that are inserted at one place come to stand there in their order.
  const rules = wish.action === 'insert' ? wish.rules.toReversed() : wish.rules
  for (const rule of rules) {
    const found = chainNow()
    if (found === undefined) continue
    const problem =
      wish.state === 'absent'
        ? removeAll(rulesOf(found, dialect), rule, chain, add)
        : place(rulesOf(found, dialect), rule, { ...wish, chain }, add, warnings)
    if (problem !== null) return problem
  }
  return { edits, warnings }
}

const missingChain = (chain: string, table: Table): string =>
  `table ${table.name} has no chain ${chain}: chain_management: true makes it`

const jumpsTo = (words: readonly string[], chain: string): boolean =>
  words.some((word, index) => /^(?:-j|-g|--jump|--goto)$/.test(word) && words[index + 1] === chain)

/** Takes out every copy, the last one first, so that the positions of the others hold. */
function removeAll(rules: readonly Rule[], rule: Rule, chain: string, add: (edit: TableEdit) => void): null {
  for (const [index, one] of [...rules.entries()].toReversed())
    if (sameRule(one, rule)) add({ do: 'delete', chain, at: index + 1 })
  return null
}

function place(
  rules: readonly Rule[],
  rule: Rule,
  wish: TableWish & { readonly chain: string },
  add: (edit: TableEdit) => void,
  warnings: string[],
): string | null {
  const { chain, action, position } = wish
  const first = rules.findIndex((one) => sameRule(one, rule))
  const end = rules.findIndex(catchesAll)
  // A second rule that catches all is never moved before the first: which of the two decides is up to whoever placed them.
  if (first >= 0 && (end < 0 || first <= end || catchesAll(rule))) return null
  if (action === 'insert' && position > rules.length + 1)
    return `rule_num is ${position}, and ${chain} has only ${rules.length} rules`
  const wanted = action === 'append' ? rules.length + 1 : position
  const at = end < 0 ? wanted : Math.min(wanted, end + 1)
  if (action === 'insert' && at < wanted)
    warnings.push(`rule ${end + 1} of ${chain} catches all, so that nothing after it is in force: inserted before it`)
  add({ do: 'insert', chain, at, rule })
  if (first >= 0) add({ do: 'delete', chain, at: first + 2 })
  return null
}
