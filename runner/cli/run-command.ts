import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { modules } from '../../modules/index.ts'
import type { RunOptions } from '../engine/run.ts'
import { type LoadedInventory, loadInventory } from '../inventory/load.ts'
import { drawProblems } from '../language/code-frame.ts'
import { loadPlaybook } from '../language/load.ts'
import { type Problem, ProblemsFound } from '../language/source.ts'
import type { Playbook } from '../language/tree.ts'
import { readExtraVars } from '../vars/extra-vars.ts'
import { ask } from './ask.ts'
import { listing } from './listing.ts'
import { version } from './package-root.ts'
import { type RunFlags, tagsOfFlags } from './run-flags.ts'
import { findUndefined } from './undefined.ts'
import { fileExists } from './user-files.ts'

/** What is to be run, read and checked: nothing has been asked of any host. */
export interface Prepared {
  readonly playbooks: readonly Playbook[]
  readonly inventory: LoadedInventory
  readonly options: RunOptions
}

/** `drover run`: reads everything, shows all that is wrong with it at once, then runs it. Gives the exit status. */
export async function runCommand(paths: readonly string[], flags: RunFlags): Promise<number> {
  const prepared = prepare(paths, flags)
  if ('problems' in prepared) {
    process.stderr.write(drawProblems(prepared.problems))
    return 1
  }
  const listed = listing(prepared, flags)
  if (listed !== undefined) {
    process.stdout.write(listed)
    return 0
  }
  const { run } = await import('./run-prepared.ts')
  return run({ ...prepared, options: await withPasswords(prepared.options, flags) }, flags.output)
}

/** Reads playbooks, inventory and variables. All that is wrong is found before any host is touched. */
export function prepare(
  paths: readonly string[],
  flags: RunFlags,
): Prepared | { readonly problems: readonly Problem[] } {
  const cwd = process.cwd()
  const loaded = paths.map((path) => loadPlaybook(path, { modules, fileExists }))
  const sources = flags.inventory.length > 0 ? flags.inventory : defaultInventory()
  const inventory = loadInventory(sources, { cwd, playbookDirs: paths.map((path) => dirname(resolve(path))) })
  const extra = readExtraVars(flags.extraVars, cwd)
  const numbers = [numberOf('--forks', flags.forks, 1), numberOf('--timeout', flags.timeout, 1)]
  const problems = [
    ...loaded.flatMap((each) => each.problems),
    ...inventory.problems,
    ...extra.problems,
    ...numbers.filter((number) => typeof number !== 'number'),
  ]
  const playbooks = loaded.flatMap((each) => each.playbook ?? [])
  const undefineds = playbooks.flatMap((playbook) => findUndefined(playbook, inventory, extra.variables, flags.limit))
  const [forks, timeout] = numbers
  if (problems.length + undefineds.length > 0 || typeof forks !== 'number' || typeof timeout !== 'number')
    return { problems: [...problems, ...undefineds] }
  return {
    playbooks,
    inventory,
    options: {
      check: flags.check === true,
      diff: flags.diff === true,
      forks,
      verbosity: flags.verbose,
      limit: flags.limit,
      tags: { only: tagsOfFlags(flags.tags), skip: tagsOfFlags(flags.skipTags) },
      extraVars: extra.variables,
      connection: {
        connection: flags.connection,
        user: flags.user,
        privateKeyFile: flags.privateKey,
        connectTimeout: timeout * 1000,
        sshArgs: flags.sshCommonArgs?.split(/\s+/).filter((word) => word !== ''),
      },
      become: { become: flags.become, user: flags.becomeUser, method: flags.becomeMethod },
      forceHandlers: flags.forceHandlers === true,
      readAhead: flags.readAhead,
      inventorySources: sources,
      version: version(),
    },
  }
}

function defaultInventory(): readonly string[] {
  const named = process.env['DROVER_INVENTORY'] ?? process.env['ANSIBLE_INVENTORY']
  return named === undefined || named === ''
    ? []
    : named.split(',').length > 1 && !named.endsWith(',')
      ? named.split(',')
      : [named]
}

function numberOf(flag: string, text: string, least: number): number | Problem {
  const number = Number(text)
  return Number.isInteger(number) && number >= least
    ? number
    : { message: `${flag} takes a whole number from ${least} on, not "${text}"` }
}

/** Asks for the passwords that the command line says are needed. */
async function withPasswords(options: RunOptions, flags: RunFlags): Promise<RunOptions> {
  const login =
    flags.askPass === true ? await askPassword(`password of ${flags.user ?? userInfo().username}`) : undefined
  const becoming =
    flags.askBecomePass === true
      ? (await askPassword(
          `password for ${flags.becomeMethod ?? 'sudo'}${login === undefined ? '' : ' (return: the same)'}`,
        )) || login
      : undefined
  return {
    ...options,
    connection: { ...options.connection, ...(login === undefined ? {} : { password: login }) },
    become: { ...options.become, ...(becoming === undefined ? {} : { password: becoming }) },
  }
}

async function askPassword(prompt: string): Promise<string> {
  const answer = await ask(prompt, true)
  if (answer !== undefined) return answer
  throw new ProblemsFound([
    {
      message: 'a password is to be asked for, and there is no terminal to ask on',
      hint: 'set ansible_password or ansible_become_password in a vars file instead',
    },
  ])
}
