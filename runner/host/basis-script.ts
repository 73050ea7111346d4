import { createHash } from 'node:crypto'
import type { Basis } from './host.ts'
import { groupFacts, groupScript, plainLocale, type ReadingGroup } from './read-script.ts'

/** What a shell does not find reads nothing: the next one does. */
const digest = '{ sha256sum || openssl dgst -sha256 -r || shasum -a 256; } 2>/dev/null'

/** Compares what the host says now with what plans were made from, by checksum; where that differs, says so and ends the script. */
export function basisScript(basis: readonly Basis[]): string {
  if (basis.length === 0) return ''
  const raws = new Map(basis.map(({ fact, raw }) => [fact.key, raw]))
  const groups = groupsOf(basis)
  const scripts = groups.map(groupScript).join('\n')
  const hash = createHash('sha256')
  for (const group of groups) hash.update(printed(group, raws))
  const read = `{\n${plainLocale}${scripts}\n} 2>/dev/null`
  return `b=$(${read} | ${digest})\ncase $b in ${hash.digest('hex')}\\ *) ;; *) mark moved 0; exit 0 ;; esac\n`
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
