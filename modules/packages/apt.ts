import { aptCache, aptSimulation, deb, debArchive, type AptCache, type Deb, type Simulation } from '../facts/deb.ts'
import { APT_ARGS } from '../lib/apt-args.ts'
import { aptGet, packageStep, updateStep } from '../lib/apt-steps.ts'
import { installOptions, packageName, satisfied } from '../lib/apt-words.ts'
import { hostPath } from '../lib/host-path.ts'
import {
  defineModule,
  outputText,
  propose,
  refuse,
  type HostState,
  type Infer,
  type JsonObject,
  type Plan,
} from '../module.ts'
import type { Step } from '../step.ts'

type Args = Infer<typeof APT_ARGS>

/** A call of apt-get, and what it would do. */
interface Job {
  readonly words: readonly string[]
  readonly names: readonly string[]
  readonly simulation: Simulation
}
interface State {
  readonly cache: AptCache
  readonly jobs: readonly Job[]
  readonly problem: string | null
}

export default defineModule({
  name: 'apt',
  summary: 'Install, upgrade and remove packages with apt.',
  description:
    'All packages of a task in one transaction. Packages that are there are not looked at again; check mode shows which packages would come and go, dependencies included, as far as the lists of packages on the host are up to date. ' +
    'Where everything asked for with `state: present` is there, the lists are not fetched either.',
  args: APT_ARGS,
  returns: {
    cache_updated: 'Whether the lists of packages were fetched.',
    cache_update_time: 'When they were last fetched, in seconds since the epoch.',
    stdout: 'What apt-get printed.',
    stderr: 'What apt-get printed to standard error.',
  },
  examples: [
    { title: 'Packages', task: 'apt: { name: [socat, rsync], update_cache: true, cache_valid_time: 86400 }' },
    { title: 'Without what is only recommended', task: 'apt: { name: jq, install_recommends: false }' },
    { title: 'Gone, with its settings', task: 'apt: { name: telnet, state: absent, purge: true, autoremove: true }' },
    { title: 'Fresh lists', task: 'apt: { update_cache: true, cache_valid_time: 3600 }' },
  ],
  observe,
  plan,
  result(_, { cache, jobs }, performed) {
    const update = performed.find(({ stdout }) => /^(?:Hit|Get|Ign|Reading)/.test(stdout.toString()))
    const last = performed.at(-1)
    const idle = jobs.length > 0 && last !== undefined && IDLE.test(last.stdout.toString())
    return {
      // With fresh lists, there may turn out to be nothing newer.
      ...(idle ? { changed: false } : {}),
      ...(last === undefined ? {} : { stdout: outputText(last.stdout), stderr: outputText(last.stderr) }),
      ...(update === undefined ? {} : { cache_update_time: Math.max(cache.updated, Math.floor(update.end / 1000)) }),
    }
  },
})

const IDLE = /^0 upgraded, 0 newly installed, 0 to remove/m

const isDue = (args: Args, cache: AptCache): boolean =>
  (args.update_cache ?? args.cache_valid_time > 0) && cache.now - cache.updated > args.cache_valid_time

async function observe(host: HostState, args: Args): Promise<State> {
  const cache = await host.get(aptCache())
  const none: State = { cache, jobs: [], problem: null }
  const names = args.name ?? []
  const [file, found] = await Promise.all([
    args.deb === undefined || /^\w+:\/\//.test(args.deb) ? null : hostPath(host, args.deb),
    Promise.all(names.map((name) => host.get(deb(packageName(name))))),
  ])
  const archive = file === null ? null : await host.get(debArchive(file))
  if (args.deb !== undefined && archive === null) {
    const why = file === null ? 'fetch it with get_url first' : 'there is no package in that file'
    return { ...none, problem: `cannot install ${args.deb}: ${why}` }
  }
  const installed = archive === null ? [] : await host.get(deb(archive.name))
  const wanted = archive === null ? wordsFor(args, names, found) : archiveWords(args, file ?? '', archive, installed)
  const jobs = await Promise.all(
    wanted.map(async ({ words, names }) => ({ words, names, simulation: await host.get(aptSimulation(words)) })),
  )
  return { ...none, jobs }
}

interface Wanted {
  readonly words: readonly string[]
  readonly names: readonly string[]
}

const archiveWords = (args: Args, file: string, archive: Deb, installed: readonly Deb[]): readonly Wanted[] =>
  installed.some(({ status, version }) => status === 'installed' && version === archive.version)
    ? []
    : [
        {
          words: [...installOptions(args), 'install', file.startsWith('/') ? file : `./${file}`],
          names: [archive.name],
        },
      ]

/** The calls of apt-get that the task comes to; none for packages that are as they should be. */
function wordsFor(args: Args, names: readonly string[], found: readonly (readonly Deb[])[]): readonly Wanted[] {
  const options = installOptions(args)
  const jobs: Wanted[] = []
  const add = (words: readonly string[], of: readonly string[] = []): void => {
    jobs.push({ words: [...options, ...words], names: of.map(packageName) })
  }
  if (args.upgrade !== 'no')
    add(args.upgrade === 'dist' || args.upgrade === 'full' ? ['dist-upgrade'] : ['--with-new-pkgs', 'upgrade'])
  if (args.state === 'absent' || args.state === 'removed') {
    const there = names.filter((_, index) =>
      found[index]?.some(({ status }) => status === 'installed' || (args.purge && status === 'config-files')),
    )
    if (there.length > 0)
      add([...(args.autoremove ? ['--auto-remove'] : []), args.purge ? 'purge' : 'remove', ...there], there)
  } else if (args.state === 'build-dep') {
    if (names.length > 0) add(['build-dep', ...names])
  } else if (args.state === 'fixed') add(['--fix-broken', 'install', ...names], names)
  else {
    const open = args.state === 'latest' ? names : names.filter((name, index) => !satisfied(name, found[index] ?? []))
    const asked = args.only_upgrade
      ? open.filter((name) => found[names.indexOf(name)]?.some(({ status }) => status === 'installed'))
      : open
    if (asked.length > 0) add([...(args.only_upgrade ? ['--only-upgrade'] : []), 'install', ...asked], asked)
  }
  if (args.autoremove && (names.length === 0 || (args.state !== 'absent' && args.state !== 'removed')))
    add([...(args.purge ? ['--purge'] : []), 'autoremove'])
  return jobs
}

function plan(args: Args, { cache, jobs, problem }: State): Plan {
  const due = isDue(args, cache)
  const result: JsonObject = { cache_updated: due, cache_update_time: cache.updated }
  if (problem !== null) return refuse(problem, result)
  const asks = (args.name ?? []).length > 0 || args.deb !== undefined || args.upgrade !== 'no' || args.autoremove
  // With old lists, nobody can say that there is nothing newer, nor that there is no such package.
  const open = jobs.filter(
    ({ simulation }) =>
      due || simulation.problem !== null || simulation.installs.length + simulation.removals.length > 0,
  )
  const impossible = open.find(({ simulation }) => simulation.problem !== null && !due)?.simulation
  if (impossible !== undefined) return refuse(`apt-get: ${impossible.problem}`, result)
  const removed = open.flatMap(({ simulation }) => simulation.removals.map(({ name }) => name))
  if (args.fail_on_autoremove && removed.length > 0 && args.state !== 'absent')
    return refuse(`these packages would be removed: ${removed.join(', ')}`, result)
  const cleans: readonly Step[] = [
    ...(args.autoclean ? [clean(args, 'autoclean')] : []),
    ...(args.clean ? [clean(args, 'clean')] : []),
  ]
  const updates = due && (!asks || open.length > 0) ? [updateStep(args)] : []
  const steps = open.map(({ words, names, simulation }) =>
    packageStep(simulation, names, aptGet(args, '-y', '-q', ...words)),
  )
  const only = steps.length === 0 && updates.length === 0 && cleans.length > 0
  return propose([...updates, ...steps, ...cleans], {
    ...result,
    cache_updated: updates.length > 0,
    ...(only ? { changed: false } : {}),
  })
}

const clean = (args: Args, verb: 'clean' | 'autoclean'): Step => ({
  change: { subject: 'downloaded packages', verb: 'run' },
  actions: [aptGet(args, verb)],
  effects: [],
})
