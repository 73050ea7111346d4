import { resolve } from 'node:path'
import type { Variables } from '../../inventory/inventory.ts'
import { type LoadedInventory, loadInventory } from '../../inventory/load.ts'
import { askClouds } from '../../inventory/openstack/ask-clouds.ts'
import { selectHosts } from '../../inventory/select-hosts.ts'
import { drawProblem } from '../../language/code-frame.ts'
import { type Problem, ProblemsFound } from '../../language/source.ts'
import { readExtraVars } from '../../vars/extra-vars.ts'
import { didYouMean } from '../../../schema/nearest.ts'
import { inventorySources } from '../effective-options.ts'
import { openVault } from '../passwords.ts'
import { readSettings } from '../settings/read-settings.ts'
import { replaceFile } from '../vault/replace-file.ts'
import type { InventoryFlags } from './flags.ts'
import { drawGraph } from './graph.ts'
import { jsonOf, listing, yamlListing, yamlOf } from './listing.ts'
import { hostVariables } from './values.ts'

/** What is to be shown, and how. */
export interface Shown {
  readonly loaded: LoadedInventory
  readonly extra: Variables
  /** Names of the hosts that are to be shown. */
  readonly hosts: ReadonlySet<string>
  /** True where variables stay with the groups that they were given to. */
  readonly exported: boolean
}

/** `drover inventory`: shows an inventory; gives the exit status. */
export async function showInventory(group: string | undefined, flags: InventoryFlags): Promise<number> {
  const shown = await read(flags)
  const { loaded, extra } = shown
  for (const warning of loaded.warnings) process.stderr.write(`warning: ${drawProblem(warning)}\n`)
  const { host: name } = flags
  if (name !== undefined) {
    const host = loaded.inventory.hosts.get(name)
    if (host === undefined) throw unknown('host', name, loaded.inventory.hosts.keys())
    const values = hostVariables(host, loaded, extra)
    process.stdout.write(flags.yaml === true ? yamlOf(values) : jsonOf(values))
    return 0
  }
  if (flags.graph === true) {
    const top = group ?? 'all'
    if (!loaded.inventory.groups.has(top)) throw unknown('group', top, loaded.inventory.groups.keys())
    process.stdout.write(drawGraph(shown, top, flags.vars === true))
    return 0
  }
  if (flags.list !== true) {
    process.stderr.write('say what to show: --list, --graph or --host NAME\n')
    return 1
  }
  const text = flags.yaml === true ? yamlListing(shown) : listing(shown)
  if (flags.output === undefined || flags.output === '-') process.stdout.write(text)
  else replaceFile(flags.output, Buffer.from(text))
  return 0
}

async function read(flags: InventoryFlags): Promise<Shown> {
  const cwd = process.cwd()
  const { settings, problems } = readSettings(process.env, cwd)
  if (problems.length > 0) throw new ProblemsFound(problems)
  const vault = await openVault(flags, settings)
  const sources = inventorySources(flags.inventory, settings)
  const playbookDirs = flags.playbookDir === undefined ? [] : [resolve(cwd, flags.playbookDir)]
  const clouds = await askClouds(sources, { cwd, environment: process.env, vault })
  const loaded = loadInventory(sources, { cwd, playbookDirs, vault, clouds })
  const extra = readExtraVars(flags.extraVars, cwd, vault)
  const selected = selectHosts(loaded.inventory, flags.limit ?? 'all', { cwd })
  const wrong: readonly Problem[] = [...loaded.problems, ...extra.problems, ...selected.problems]
  if (wrong.length > 0) throw new ProblemsFound(wrong)
  return { loaded, extra: extra.variables, hosts: new Set(selected.hosts), exported: flags.export === true }
}

function unknown(what: 'host' | 'group', name: string, known: Iterable<string>): ProblemsFound {
  return new ProblemsFound([
    { message: `there is no ${what} "${name}" in the inventory`, hint: didYouMean(name, [...known]) },
  ])
}
