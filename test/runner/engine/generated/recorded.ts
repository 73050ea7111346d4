import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Case } from '../ansible-cases.ts'
import { type Compared, group } from '../compared.ts'

const file = new URL('ansible.jsonl', import.meta.url)

/** One line of the file: what Ansible did with a case, hosts by their letters. */
interface Line {
  readonly of: string
  readonly did: Compared
}

/** What tells a case from all others: a recording is of this case only. */
const digest = ({ name: _name, ...each }: Case): string =>
  createHash('sha256').update(JSON.stringify(each)).digest('hex').slice(0, 16)

/** What Ansible did with the cases when they were recorded; undefined for a case that has changed since. */
export function recorded(cases: readonly Case[]): readonly (Compared | undefined)[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const known = new Map(lines.map((text) => [(JSON.parse(text) as Line).of, text]))
  return cases.map((each, index) => {
    const text = known.get(digest(each))
    return text === undefined ? undefined : (JSON.parse(text.replaceAll('GROUP', group(index))) as Line).did
  })
}

/** Writes what Ansible does with the cases: what is recorded of them already stays, unless it is to be recorded anew. */
export async function record(
  cases: readonly Case[],
  reference: (cases: readonly Case[]) => Promise<readonly Compared[]>,
  anew: boolean,
): Promise<void> {
  const before = recorded(cases)
  const missing = cases.filter((_, index) => anew || before[index] === undefined)
  const found = new Map((await reference(missing)).map((did, at) => [missing[at], line(did, group(at))]))
  const lines = cases.map((each, index) => {
    const did = found.get(each) ?? line(before[index], group(index))
    return `{"of":"${digest(each)}","did":${did}}`
  })
  writeFileSync(file, `${lines.join('\n')}\n`)
}

const line = (did: Compared | undefined, name: string): string => JSON.stringify(did).replaceAll(name, 'GROUP')
