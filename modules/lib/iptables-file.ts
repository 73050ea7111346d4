import { printRule } from './iptables-rule.ts'
import type { TableEdit } from './iptables-table.ts'
import { joinWords, splitWords } from './iptables-words.ts'

/** A text for iptables-restore with one change made in one of its tables, which it must have. All other lines stay as they are. */
export function editRulesText(text: string, table: string, edit: TableEdit): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith('*') && line.slice(1).trim() === table)
  const length = lines.slice(start).findIndex((line) => line.trim() === 'COMMIT')
  const end = length < 0 ? lines.length : start + length
  const within = (test: (line: string) => boolean): readonly number[] =>
    lines.flatMap((line, index) => (index > start && index < end && test(line) ? [index] : []))
  const rules = within((line) => ruleChain(line) === edit.chain)
  const heads = within((line) => line.startsWith(':'))
  const own = heads.filter((index) => headChain(lines[index] ?? '') === edit.chain)
  const afterHeads = (heads.at(-1) ?? start) + 1
  switch (edit.do) {
    case 'insert': {
      const last = rules.at(-1)
      const at = rules[edit.at - 1] ?? (last === undefined ? end : last + 1)
      return lines.toSpliced(at, 0, `-A ${edit.chain} ${joinWords(printRule(edit.rule))}`.trimEnd()).join('\n')
    }
    case 'delete':
      return without(lines, rules.slice(edit.at - 1, edit.at))
    case 'flush':
      return without(lines, rules)
    case 'drop':
      return without(lines, [...own, ...rules])
    case 'create':
      return own.length > 0 ? text : lines.toSpliced(afterHeads, 0, `:${edit.chain} - [0:0]`).join('\n')
    case 'policy': {
      const [head] = own
      if (head === undefined) return lines.toSpliced(afterHeads, 0, `:${edit.chain} ${edit.policy} [0:0]`).join('\n')
      return lines.with(head, (lines[head] ?? '').replace(/^(:\S+\s+)\S+/, `$1${edit.policy}`)).join('\n')
    }
  }
}

const without = (lines: readonly string[], gone: readonly number[]): string =>
  lines.filter((_, index) => !gone.includes(index)).join('\n')

const headChain = (line: string): string | undefined => line.slice(1).trim().split(/\s+/)[0]

function ruleChain(line: string): string | undefined {
  const [verb, chain] = splitWords(line.replace(/^\[\d+:\d+\]\s*/, ''))
  return verb === '-A' || verb === '--append' ? chain : undefined
}
