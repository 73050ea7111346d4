import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import type { Module } from '../../../modules/module.ts'
import { checkArguments } from '../../../schema/arguments.ts'
import type { Json } from '../../../schema/infer.ts'
import type { HostFinished } from '../../engine/events.ts'
import { ProblemsFound } from '../../language/source.ts'
import { packageRoot } from '../package-root.ts'
import { prepare } from '../run-command.ts'
import { noFlags } from '../run-flags.ts'
import { run } from '../run-prepared.ts'
import type { Case, HostCase, PlanCase } from './cases.ts'

/** How a case went: in check mode, really, once more; `-` where that was not tried. */
export interface Tried {
  readonly name: string
  readonly check: string
  readonly run: string
  readonly again: string
  /** What is wrong, for people; none where all is well. */
  readonly faults: readonly string[]
}

/** Tries one case. What it makes is gone afterwards. */
export async function tryCase(each: Case, module: Module, modules: readonly Module[]): Promise<Tried> {
  if (each.kind === 'plan') return tryPlan(each, module)
  const scratch = mkdtempSync(join(tmpdir(), 'drover-test-module-'))
  try {
    return await tryOnHost(each, module, (tasks, check) => play(tasks, check, scratch, modules))
  } catch (error) {
    if (!(error instanceof ProblemsFound)) throw error
    return { ...untried(each.name), faults: error.problems.map(({ message }) => message) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Play = (tasks: readonly Json[], check: boolean) => Promise<HostFinished | undefined>

async function tryOnHost(each: HostCase, module: Module, play: Play): Promise<Tried> {
  const { name, given, task, expect, message, perform } = each
  const opaque = module.opaque === true
  if (given.length > 0 && perform) {
    const stage = await play(given, false)
    if (stage?.outcome === 'failed') return { ...untried(name), faults: [`"given" failed: ${stage.message ?? ''}`] }
  }
  const check = await play([task], true)
  const wanted = opaque && expect === 'changed' ? 'unknown' : expect
  const checked = { ...untried(name), check: check?.outcome ?? '-' }
  const foretold = differs('the check', check, perform ? wanted : undefined, message)
  if (!perform) return { ...checked, faults: foretold }
  const done = await play([task], false)
  const faults = [...foretold, ...differs('the run', done, expect, message)]
  if (!opaque && faults.length === 0 && !isDeepStrictEqual(subjects(check), subjects(done)))
    faults.push(`the check foretold ${subjects(check).join(', ')}; the run did ${subjects(done).join(', ')}`)
  const tried = { ...checked, run: done?.outcome ?? '-', faults }
  if (opaque || expect === 'failed') return tried
  const again = await play([task], false)
  const left = again?.outcome === 'changed' ? [`the second run changed ${subjects(again).join(', ')} once more`] : []
  const later = left.length > 0 ? left : differs('the second run', again, 'ok', undefined)
  return { ...tried, again: again?.outcome ?? '-', faults: [...faults, ...later] }
}

const untried = (name: string): Tried => ({ name, check: '-', run: '-', again: '-', faults: [] })
const subjects = (event: HostFinished | undefined): readonly string[] =>
  (event?.changes ?? []).map(({ verb, subject }) => `${verb} ${subject}`)

/** `wanted` undefined: anything but a failure will do. */
function differs(
  turn: string,
  event: HostFinished | undefined,
  wanted: HostFinished['outcome'] | undefined,
  message: string | undefined,
): string[] {
  const outcome = event?.outcome ?? 'skipped'
  const said = event?.message ?? ''
  if (wanted === undefined ? outcome === 'failed' : outcome !== wanted)
    return [`${turn}: ${outcome}${wanted === undefined ? '' : `, not ${wanted}`}${said === '' ? '' : `: ${said}`}`]
  return message === undefined || said.includes(message) ? [] : [`${turn} says "${said}", not "${message}"`]
}

function tryPlan({ name, args, state, plan, refuses }: PlanCase, module: Module): Tried {
  const checked = checkArguments(module.args, args)
  if (!checked.ok) return { ...untried(name), faults: checked.faults.map(({ message }) => message) }
  const made = module.plan(checked.value, state)
  const got = made.kind === 'refusal' ? undefined : made.steps.map(({ change }) => `${change.verb} ${change.subject}`)
  const said = made.kind === 'refusal' ? `refuses: ${made.message}` : `plans: ${got?.join(', ') || 'nothing'}`
  const right =
    made.kind === 'refusal' ? refuses !== undefined && made.message.includes(refuses) : isDeepStrictEqual(got, plan)
  const wanted = refuses === undefined ? (plan ?? []).join(', ') || 'nothing' : `refuses: ${refuses}`
  return { ...untried(name), check: 'plan', faults: right ? [] : [`it ${said}; expected ${wanted}`] }
}

/** Runs tasks on the embedded host; gives how the last one ended. Throws `ProblemsFound` where they cannot be read. */
async function play(
  tasks: readonly Json[],
  check: boolean,
  scratch: string,
  modules: readonly Module[],
): Promise<HostFinished | undefined> {
  const path = join(scratch, 'the case')
  const texts = new Map([[path, stringify([{ hosts: 'all', tasks }])]])
  const inventory = [join(packageRoot(), 'inventory/quickstart.yml')]
  const prepared = prepare(
    [path],
    { ...noFlags, inventory, check, extraVars: [JSON.stringify({ scratch })] },
    { modules, texts },
  )
  if ('problems' in prepared) throw new ProblemsFound(prepared.problems)
  const ended: HostFinished[] = []
  await run(prepared, {
    report: (event) => {
      if (event.event === 'host-finished') ended.push(event)
    },
    close: () => Promise.resolve(),
  })
  return ended.at(-1)
}
