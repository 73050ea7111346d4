import { dirname, resolve } from 'node:path'
import { modules as builtIn } from '../../modules/index.ts'
import type { Module } from '../../modules/module.ts'
import type { Reporter } from '../engine/events.ts'
import type { RunOptions } from '../engine/run.ts'
import { type LoadedInventory, loadInventory } from '../inventory/load.ts'
import type { CloudAnswers } from '../inventory/openstack/answer.ts'
import { askClouds } from '../inventory/openstack/ask-clouds.ts'
import { drawProblem, drawProblems } from '../language/code-frame.ts'
import { loadPlaybook } from '../language/load.ts'
import { type Problem, ProblemsFound } from '../language/source.ts'
import { readText } from '../language/reading.ts'
import { startAt } from '../language/start-at.ts'
import type { Playbook } from '../language/tree.ts'
import type { Vault } from '../language/vault.ts'
import type { Format } from '../report/choose.ts'
import { readExtraVars } from '../vars/extra-vars.ts'
import { effectiveOptions, inventorySources } from './effective-options.ts'
import { listing } from './listing.ts'
import { openVault, withPasswords } from './passwords.ts'
import { profileFile } from './profile-file.ts'
import type { RunFlags } from './run-flags.ts'
import { readSettings } from './settings/read-settings.ts'
import type { Settings } from './settings/table.ts'
import { nobodyMeant } from './nobody-meant.ts'
import { findUndefined } from './undefined.ts'
import { allModules } from './user-modules/load.ts'
import { fileExists, rolesPathOf } from './user-files.ts'

/** What is to be run, read and checked: nothing has been asked of any host. */
export interface Prepared {
  readonly playbooks: readonly Playbook[]
  readonly inventory: LoadedInventory
  readonly options: RunOptions
  readonly vault: Vault | undefined
  /** Drover's and the user's. */
  readonly modules: readonly Module[]
  /** Where roles are looked for, after `roles` beside the playbook. */
  readonly rolesPath: readonly string[]
}

/** What is not on the command line: nothing, where drover shows itself. */
interface Outside {
  readonly settings?: Settings
  readonly vault?: Vault
  /** Drover's own where unset. */
  readonly modules?: readonly Module[]
  /** Playbooks that are in no file, by the absolute paths that stand for them. */
  readonly texts?: ReadonlyMap<string, string>
  /** What the clouds of the inventory have answered. */
  readonly clouds?: CloudAnswers
}

/** What differs where the playbook is not a user's. */
interface Instead {
  readonly texts?: ReadonlyMap<string, string>
  readonly told?: Format | Reporter
}

/** `drover run`: reads everything, shows all that is wrong with it at once, then runs it. Gives the exit status. */
export async function runCommand(
  paths: readonly string[],
  flags: RunFlags,
  { texts, told = flags.output }: Instead = {},
): Promise<number> {
  const { settings, problems, warnings } = readSettings(process.env, process.cwd())
  if (problems.length > 0) {
    process.stderr.write(drawProblems(problems))
    return 1
  }
  for (const warning of warnings) process.stderr.write(`warning: ${drawProblem(warning)}\n`)
  const vault = await openVault(flags, settings)
  const sources = inventorySources(flags.inventory, settings)
  const prepared = prepare(paths, flags, {
    settings,
    vault,
    clouds: await askClouds(sources, { cwd: process.cwd(), environment: process.env, vault }),
    modules: await allModules(flags.modulePath ?? [], directoriesOf(paths), settings),
    ...(texts === undefined ? {} : { texts }),
  })
  if ('problems' in prepared) {
    process.stderr.write(drawProblems(prepared.problems))
    return 1
  }
  const listed = listing(prepared, flags)
  if (listed !== undefined) {
    process.stdout.write(listed)
    return 0
  }
  if (flags.step === true && !process.stdin.isTTY)
    throw new ProblemsFound([{ message: '--step asks before each task, and there is no terminal to ask on' }])
  const { run } = await import('./run-prepared.ts')
  const options = await withPasswords(prepared.options, flags, settings)
  const { profile, profileJson } = flags
  const write = profileJson === undefined ? undefined : profileFile(profileJson)
  // A view that redraws itself leaves no place for questions.
  return run({ ...prepared, options }, flags.step === true ? 'lines' : told, {
    shown: profile === true,
    ...(write === undefined ? {} : { write }),
  })
}

/** Reads playbooks, inventory and variables. All that is wrong is found before any host is touched. */
export function prepare(
  paths: readonly string[],
  flags: RunFlags,
  { settings = {}, vault, modules = builtIn, texts, clouds = new Map() }: Outside = {},
): Prepared | { readonly problems: readonly Problem[] } {
  const cwd = process.cwd()
  const rolesPath = rolesPathOf(settings)
  const reading = texts === undefined ? {} : { read: (path: string) => texts.get(path) ?? readText(path) }
  const loaded = paths.map((path) => loadPlaybook(path, { modules, fileExists, vault, rolesPath, ...reading }))
  const sources = inventorySources(flags.inventory, settings)
  const inventory = loadInventory(sources, { cwd, playbookDirs: directoriesOf(paths), vault, clouds })
  const extra = readExtraVars(flags.extraVars, cwd, vault)
  const effective = effectiveOptions(flags, settings, extra.variables)
  const read = loaded.flatMap((each) => each.playbook ?? [])
  const started = startAt(read, flags.startAtTask)
  const problems = [
    ...loaded.flatMap((each) => each.problems),
    ...inventory.problems,
    ...extra.problems,
    ...('problems' in effective ? effective.problems : []),
    ...('message' in started && read.length === paths.length ? [started] : []),
    ...loaded.flatMap(({ playbook, readable, mentioned }) => {
      const found = playbook ?? readable
      return found === undefined ? [] : findUndefined(found, inventory, extra.variables, flags.limit, mentioned)
    }),
    ...(read.length === paths.length ? nobodyMeant(read, inventory, sources, flags.limit) : []),
  ]
  if (problems.length > 0 || 'problems' in effective || 'message' in started) return { problems }
  return { playbooks: started, inventory, options: effective.options, vault, modules, rolesPath }
}

const directoriesOf = (paths: readonly string[]): readonly string[] => paths.map((path) => dirname(resolve(path)))
