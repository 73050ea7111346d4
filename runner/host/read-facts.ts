import type { Fact, FactKind } from '../../modules/fact.ts'
import type { Reply, Shell } from '../transport/transport.ts'
import type { Reading } from './host.ts'
import { uploadOfFile } from './perform-script.ts'
import { groupFacts, groupReadings, groupScript, plainLocale, unreadable, type ReadingGroup } from './read-script.ts'
import { Sections } from './sections.ts'

/** Characters of script in one request; more is sent as a further request. */
const requestSize = 256 * 1024
/** Facts of a group that may hang, one deadline each, before the rest of the group is given up. */
const mostStuck = 3

/**
 * Reads facts over a shell, one reading for each in the same order. What hangs is given up after the deadline (milliseconds; a kind's own
 * patience may be longer), and what stood behind it is asked for again; of a group of many, one by one, to tell which of them it is.
 */
export async function readFacts(
  shell: () => Promise<Shell>,
  facts: readonly Fact<unknown>[],
  deadline: number,
): Promise<readonly Reading[]> {
  const readings = new Map<string, Reading>()
  const reading = requestsOf(groupFacts(facts)).map(async (groups) => {
    const stuck = new Map<FactKind, number>()
    for (let left = groups; left.length > 0;) {
      const sections = new Sections()
      const timeout = Math.max(deadline, ...left.map((group) => (group.kind.patience ?? 0) * 1000))
      const [input] = left.flatMap((group) => group.kind.input ?? [])
      const upload = input === undefined ? undefined : uploadOfFile(input)
      const reply = await (
        await shell()
      ).request(scriptOf(left, sections), {
        timeout,
        ...(upload === undefined ? {} : { upload: { stream: upload.open(), size: upload.size } }),
      })
      const { parts } = sections.split(reply.stdout)
      parts.forEach(({ bytes }, index) => {
        const group = left[index]
        if (group !== undefined) note(group, groupReadings(group, bytes), readings)
      })
      const culprit = left[parts.length]
      left = left.slice(parts.length + 1)
      if (culprit === undefined) continue
      const { kind } = culprit
      if (culprit.facts.length > 1) {
        left = [...culprit.facts.map((fact) => ({ kind, facts: [fact] })), ...left]
        continue
      }
      giveUp([culprit], whyNot(reply, sections.split(reply.stderr).rest, timeout), readings)
      const count = (stuck.get(kind) ?? 0) + 1
      stuck.set(kind, count)
      if (kind.split === undefined || count < mostStuck) continue
      const others = left.filter((group) => group.kind === kind)
      giveUp(others, 'others of its kind gave no answer', readings)
      left = left.filter((group) => group.kind !== kind)
    }
  })
  await Promise.all(reading)
  return facts.map((fact) => readings.get(fact.key) ?? unreadable(fact, 'the host gave no answer'))
}

function scriptOf(groups: readonly ReadingGroup[], sections: Sections): string {
  const scripts = groups.map((group, index) => `${groupScript(group)}\nmark read ${index}\n`)
  return `${sections.define()}${plainLocale}${scripts.join('')}`
}

function note(group: ReadingGroup, found: readonly Reading[], readings: Map<string, Reading>): void {
  group.facts.forEach((fact, index) => {
    const reading = found[index]
    if (reading !== undefined) readings.set(fact.key, reading)
  })
}

function giveUp(groups: readonly ReadingGroup[], why: string, readings: Map<string, Reading>): void {
  for (const group of groups) {
    const given = group.facts.map((fact) => unreadable(fact, why))
    note(group, given, readings)
  }
}

function whyNot(reply: Reply, stderr: Buffer, timeout: number): string {
  if (reply.timedOut) return `no answer within ${timeout / 1000} s`
  const said = stderr.toString('utf8').trim().split('\n').at(-1)
  return said === undefined || said === '' ? `its script ended with status ${reply.status}` : said
}

/** Groups in as many requests as the size of their scripts asks for. */
function requestsOf(groups: readonly ReadingGroup[]): readonly (readonly ReadingGroup[])[] {
  const requests: ReadingGroup[][] = []
  let size = Infinity
  for (const group of groups) {
    const length = groupScript(group).length
    const alone = group.kind.input !== undefined
    if (alone || size + length > requestSize) {
      requests.push([])
      size = 0
    }
    requests.at(-1)?.push(group)
    size = alone ? Infinity : size + length
  }
  return requests
}
