import type { Fact } from '../../modules/fact.ts'
import type { ActionResult } from '../../modules/step.ts'
import type { Reply, Shell } from '../transport/transport.ts'
import { describeFailure } from './failure.ts'
import type { Failure, Host, Performed, Reading, Work } from './host.ts'
import { performScript, splitWork, type Portion } from './perform-script.ts'
import { groupFacts, groupReadings, groupScript, plainLocale, unreadable, type ReadingGroup } from './read-script.ts'
import { Sections } from './sections.ts'

/** Milliseconds that one batch of reading may take before what hangs in it is given up. */
const readDeadline = 30_000
/** Characters of script in one request; more is sent as a further request. */
const requestSize = 256 * 1024

/** A host at the other end of a shell. */
export class ShellHost implements Host {
  readonly #shell: () => Promise<Shell>
  readonly #readDeadline: number

  constructor(shell: () => Promise<Shell>, options: { readonly readDeadline?: number } = {}) {
    this.#shell = shell
    this.#readDeadline = options.readDeadline ?? readDeadline
  }

  async read(facts: readonly Fact<unknown>[]): Promise<readonly Reading[]> {
    const readings = new Map<string, Reading>()
    await Promise.all(requestsOf(groupFacts(facts)).map((groups) => this.#readGroups(groups, readings)))
    return facts.map((fact) => readings.get(fact.key) ?? unreadable(fact, 'the host gave no answer'))
  }

  /** Reads groups in one request. What hangs is given up after the deadline, and what stood behind it is asked for again. */
  async #readGroups(groups: readonly ReadingGroup[], readings: Map<string, Reading>): Promise<void> {
    let left = groups
    while (left.length > 0) {
      const sections = new Sections()
      const script =
        sections.define() +
        plainLocale +
        left.map((group, index) => `${groupScript(group)}\nmark read ${index}\n`).join('')
      const shell = await this.#shell()
      const reply = await shell.request(script, { timeout: this.#readDeadline })
      const { parts } = sections.split(reply.stdout)
      left.slice(0, parts.length).forEach((group, index) => {
        const output = parts[index]?.bytes ?? Buffer.alloc(0)
        groupReadings(group, output).forEach((reading, at) => {
          const fact = group.facts[at]
          if (fact !== undefined) readings.set(fact.key, reading)
        })
      })
      const stuck = left[parts.length]
      if (stuck === undefined) return
      const why = reply.timedOut ? `no answer within ${this.#readDeadline / 1000} s` : describeEnd(reply)
      for (const fact of stuck.facts) readings.set(fact.key, unreadable(fact, why))
      left = left.slice(parts.length + 1)
    }
  }

  async perform(work: Work): Promise<Performed> {
    const portions = splitWork(work)
    const results: ActionResult[] = []
    let readings: readonly Reading[] = []
    for (const [index, portion] of portions.entries()) {
      const done = await this.#performPortion(portion, work)
      if (done.kind === 'moved') return done
      results.push(...done.results)
      readings = done.readings
      if (done.failure === null) continue
      if (index < portions.length - 1) readings = await this.read(work.readBack)
      return { kind: 'performed', results, failure: done.failure, readings }
    }
    return { kind: 'performed', results, failure: null, readings }
  }

  async #performPortion(portion: Portion, work: Work): Promise<Performed> {
    const sections = new Sections()
    const readGroups = groupFacts(portion.readBack)
    const script = performScript(portion, sections, readGroups)
    const start = Date.now()
    const shell = await this.#shell()
    const upload =
      portion.upload === undefined ? {} : { upload: { stream: portion.upload.open(), size: portion.upload.size } }
    const reply = await shell.request(script, {
      ...(work.timeout === undefined ? {} : { timeout: work.timeout }),
      ...(work.signal === undefined ? {} : { signal: work.signal }),
      ...upload,
    })
    const end = Date.now()
    const out = sections.split(reply.stdout)
    const err = sections.split(reply.stderr)
    if (out.parts[0]?.label === 'moved') return { kind: 'moved' }

    const errors = new Map(err.parts.map((part) => [part.label, part.bytes]))
    const results: ActionResult[] = []
    const readings: Reading[] = []
    for (const part of out.parts) {
      if (part.label.startsWith('action-')) {
        results.push({
          status: part.number,
          stdout: part.bytes,
          stderr: errors.get(part.label) ?? Buffer.alloc(0),
          start,
          end,
        })
      } else if (part.label === 'read') {
        const group = readGroups[part.number]
        if (group !== undefined) readings.push(...groupReadings(group, part.bytes))
      }
    }
    const byKey = new Map(readGroups.flatMap((group) => group.facts).map((fact, index) => [fact.key, readings[index]]))
    const back = portion.readBack.map((fact) => byKey.get(fact.key) ?? unreadable(fact, 'the host gave no answer'))
    return {
      kind: 'performed',
      results,
      failure: failureOf(portion, results, reply, { out: out.rest, err: err.rest }, { start, end }),
      readings: back,
    }
  }
}

/** What went wrong in a portion, if anything; adds the unfinished action's result where the request was ended in the middle of it. */
function failureOf(
  portion: Portion,
  results: ActionResult[],
  reply: Reply,
  rest: { readonly out: Buffer; readonly err: Buffer },
  time: { readonly start: number; readonly end: number },
): Failure | null {
  const cut = reply.timedOut
    ? 'timed-out'
    : reply.overflowed
      ? 'overflowed'
      : results.length < portion.actions.length
        ? 'status'
        : null
  const last = results.at(-1)
  const lastAction = portion.actions[results.length - 1]
  if (last !== undefined && lastAction !== undefined && !accepts(lastAction, last.status)) {
    return { action: lastAction, reason: cut ?? 'status', message: describeFailure(lastAction, last, cut ?? 'status') }
  }
  const unfinished = portion.actions[results.length]
  if (cut === null || unfinished === undefined) return null
  const result: ActionResult = { status: reply.status, stdout: rest.out, stderr: rest.err, ...time }
  results.push(result)
  return { action: unfinished, reason: cut, message: describeFailure(unfinished, result, cut) }
}

function accepts(action: Portion['actions'][number], status: number): boolean {
  const accept = action.do === 'run' || action.do === 'sh' ? (action.accept ?? [0]) : [0]
  return accept === 'any' || accept.includes(status)
}

/** Groups in as many requests as the size of their scripts asks for. */
function requestsOf(groups: readonly ReadingGroup[]): readonly (readonly ReadingGroup[])[] {
  const requests: ReadingGroup[][] = []
  let size = Infinity
  for (const group of groups) {
    const length = groupScript(group).length
    if (size + length > requestSize) {
      requests.push([])
      size = 0
    }
    requests.at(-1)?.push(group)
    size += length
  }
  return requests
}

function describeEnd(reply: Reply): string {
  const said = reply.stderr.toString('utf8').trim().split('\n').at(-1)
  return said === undefined || said === '' ? `its script ended with status ${reply.status}` : said
}
