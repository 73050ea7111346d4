import { cksum } from './cksum.ts'
import type { Basis } from './host.ts'
import { groupFacts, groupScript, plainLocale, type ReadingGroup } from './read-script.ts'

/** Compares what the host says now with what plans were made from, by checksum; where that differs, says so and ends the script. */
export function basisScript(basis: readonly Basis[]): string {
  if (basis.length === 0) return ''
  const raws = new Map(basis.map(({ fact, raw }) => [fact.key, raw]))
  const groups = groupsOf(basis)
  const scripts = groups.map(groupScript).join('\n')
  const expected = cksum(groups.map((group) => printed(group, raws)))
  return `b=$( {\n${plainLocale}${scripts}\n} 2>/dev/null | cksum)\n[ "$b" = '${expected}' ] || { mark moved 0; exit 0; }\n`
}

/** Each fact once; together where what is then printed can be foretold. */
function groupsOf(basis: readonly Basis[]): readonly ReadingGroup[] {
  const facts = [...new Map(basis.map(({ fact }) => [fact.key, fact])).values()]
  const apart = facts.filter(({ kind }) => kind.join === undefined)
  const together = facts.filter(({ kind }) => kind.join !== undefined)
  return [...apart.map((fact) => ({ kind: fact.kind, facts: [fact] })), ...groupFacts(together)]
}

function printed({ kind, facts }: ReadingGroup, raws: ReadonlyMap<string, Buffer>): Buffer {
  const pieces = facts.map(({ key }) => raws.get(key) ?? Buffer.alloc(0))
  return kind.join === undefined ? Buffer.concat(pieces) : kind.join(pieces)
}
