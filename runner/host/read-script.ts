import type { Fact, FactKind, Param } from '../../modules/fact.ts'
import type { Reading } from './host.ts'

/** For what a reading script prints to be the same everywhere. */
export const plainLocale = 'LC_ALL=C; LANGUAGE=C; export LC_ALL LANGUAGE\n'

/** Facts that one script reads: all of a kind that can be split, or one. */
export interface ReadingGroup {
  readonly kind: FactKind
  readonly facts: readonly Fact<unknown>[]
}

/** Groups facts by kind where the kind reads many at once, at most `most` in a group. Each fact is in exactly one group. */
export function groupFacts(facts: readonly Fact<unknown>[], most = 500): readonly ReadingGroup[] {
  const open = new Map<FactKind, Fact<unknown>[]>()
  const groups: { kind: FactKind; facts: Fact<unknown>[] }[] = []
  for (const fact of facts) {
    const together = fact.kind.split === undefined ? undefined : open.get(fact.kind)
    if (together !== undefined && together.length < most) {
      together.push(fact)
      continue
    }
    const fresh = [fact]
    groups.push({ kind: fact.kind, facts: fresh })
    if (fact.kind.split !== undefined) open.set(fact.kind, fresh)
  }
  return groups
}

/** The script of one group, in a subshell so that groups cannot disturb each other, and without what is uploaded on standard input. */
export function groupScript({ kind, facts }: ReadingGroup): string {
  const input = kind.input === undefined ? ' </dev/null' : ''
  return `(\n${kind.script(facts.map((fact) => fact.param))}\n)${input}`
}

/** One reading for each fact of a group, from what its script printed. */
export function groupReadings({ kind, facts }: ReadingGroup, output: Buffer): readonly Reading[] {
  if (kind.split === undefined) return [{ kind: 'raw', raw: output }]
  const params: readonly Param[] = facts.map((fact) => fact.param)
  const pieces = kind.split(output, params)
  return facts.map((fact, index) => {
    const raw = pieces[index]
    return raw === undefined
      ? unreadable(fact, 'the host answered in a form that was not expected')
      : { kind: 'raw', raw }
  })
}

export function unreadable(fact: Fact<unknown>, why: string): Reading {
  return { kind: 'unreadable', message: `cannot read ${fact.key}: ${why}` }
}
