import type { RpmManager } from '../facts/package-manager.ts'
import { isUrl, rpm, rpmArchive, type Rpm } from '../facts/rpm.ts'
import { noRepositoryBrought } from '../facts/brought.ts'
import { rpmTransaction, type RpmChange } from '../facts/rpm-transaction.ts'
import { UnknownFact, type HostState } from '../module.ts'
import { hostPath } from './host-path.ts'
import { compareEvr, evrText } from './rpm-version.ts'
import type { Foreseen, Job } from './yum-steps.ts'
import { isGroup, isPackageFile, isPattern, updateOptions, yumOptions, type YumArgs } from './yum-words.ts'

/** Something that a task names, and what is installed of it. */
interface Target {
  /** As dnf gets it. */
  readonly word: string
  readonly installed: readonly Rpm[]
  /** What is in the file or behind the url, where it is one. */
  readonly archive: Rpm | null
}

/** What dnf or yum is to do, and would bring about; or why it cannot. */
export interface Jobs {
  readonly problem: string | null
  readonly jobs: readonly Job[]
  readonly warnings: readonly string[]
}
const NOTHING: Jobs = { problem: null, jobs: [], warnings: [] }
const impossible = (problem: string): Jobs => ({ ...NOTHING, problem })

/** Looks at what a task names, and asks dnf what would come of it. */
export async function findJobs(host: HostState, args: YumArgs, manager: RpmManager): Promise<Jobs> {
  const state = args.state ?? (args.autoremove && args.name.length === 0 ? 'absent' : 'present')
  const targets = await Promise.all(args.name.map((name) => findTarget(host, args, name)))
  const without = targets.find((target) => typeof target === 'string')
  if (typeof without === 'string') return impossible(without)
  const found = targets.filter((target) => typeof target !== 'string')
  const asked = new Asking(host, args, manager)
  if (args.name.length === 0) return args.autoremove ? asked.about(['autoremove']) : NOTHING
  if (state === 'absent' || state === 'removed') {
    const there = found.filter(({ word, installed }) => installed.length > 0 || isGroup(word))
    if (there.length === 0) return NOTHING
    const removal = await asked.about(['remove', ...there.map(removalWord)])
    const gone = new Set(namesIn(removal))
    return removal.problem !== null || there.every(({ installed }) => installed.every(({ name }) => gone.has(name)))
      ? removal
      : unknown()
  }
  return state === 'latest' ? latest(asked, args, found) : present(asked, args, found)
}

/** dnf knows nothing of what an earlier task of a check would have installed: what depends on it, and in which version, nobody can say. */
const unknown = (): never => {
  throw new UnknownFact('what dnf would do')
}
const namesIn = ({ jobs }: Jobs): readonly string[] => jobs.flatMap(({ changes }) => changes.map(({ name }) => name))

const removalWord = ({ word, archive }: Target): string => archive?.name ?? word

async function findTarget(host: HostState, args: YumArgs, written: string): Promise<Target | string> {
  const { installroot: root } = args
  if (isGroup(written)) return { word: written, installed: [], archive: null }
  if (!isUrl(written) && !isPackageFile(written))
    return { word: written, installed: await host.get(rpm(written, root)), archive: null }
  const word = isUrl(written) ? written : await hostPath(host, written)
  const archive = await host.get(rpmArchive(word, !args.sslverify))
  // dnf may reach what curl does not, through a proxy of its own.
  if (archive === null && !isUrl(word)) return `cannot install ${written}: there is no package in that file`
  const namesakes = archive === null ? [] : await host.get(rpm(archive.name, root))
  return { word, installed: namesakes.filter(({ arch }) => arch === archive?.arch), archive }
}

/** Whether a package is there, whatever dnf may know. What a pattern or a group stands for, only dnf can say. */
function satisfied({ word, installed, archive }: Target, downgrade: boolean): boolean {
  if (archive === null) return installed.length > 0 && !isPattern(word) && !isUrl(word)
  const orders = installed.map((one) => compareEvr(one, archive))
  return orders.some((order) => order === 0 || (order > 0 && !downgrade))
}

async function present(asked: Asking, args: YumArgs, targets: readonly Target[]): Promise<Jobs> {
  const open = targets.filter((target) => !satisfied(target, args.allow_downgrade))
  if (open.length === 0) return NOTHING
  const words = open.map(({ word }) => word)
  const jobs = await asked.about(['install', ...words])
  const changes = jobs.jobs.flatMap(({ changes }) => changes)
  // yum 3 installs nothing that is older.
  if (args.allow_downgrade)
    return changes.length === 0 && asked.generation === 3 ? asked.about(['downgrade', ...words]) : jobs
  const older = changes.filter(({ verb }) => verb === 'downgrade')
  if (older.length === 0) return jobs
  const isOlder = ({ word }: Target) =>
    older.some(({ name }) => word.startsWith(`${name}-`) || word.startsWith(`${name}.`))
  const left = open.filter((target) => !isOlder(target))
  const warnings = older.map(tooOld)
  if (left.length === open.length) return impossible(warnings.join('; '))
  const rest = left.length === 0 ? NOTHING : await present(asked, args, left)
  return { ...rest, warnings: [...warnings, ...rest.warnings] }
}

const tooOld = ({ name, version, current }: Foreseen): string =>
  `${name} stays at ${current.map(evrText).join(', ')}, which is newer than ${version}: set allow_downgrade to go back`

/** dnf's `install` upgrades what it is given a version of; so that all is one transaction, it is told the versions that `upgrade` finds. */
async function latest(asked: Asking, args: YumArgs, targets: readonly Target[]): Promise<Jobs> {
  const open = targets.filter((target) => target.archive === null || !satisfied(target, args.allow_downgrade))
  if (open.some(({ word }) => word === '*')) return asked.about([...updateVerb(args)])
  const there = open.filter(({ archive, installed }) => archive === null && installed.length > 0)
  const missing = args.update_only ? [] : open.filter((target) => !there.includes(target))
  const words = missing.map(({ word }) => word)
  if (there.length === 0) return words.length === 0 ? NOTHING : asked.about(['install', ...words])
  const upgrades = await asked.about([...updateVerb(args), ...there.map(({ word }) => word)])
  if (upgrades.problem?.includes('No match for argument')) return unknown()
  const newer = upgrades.jobs.flatMap(({ changes }) => changes.filter(({ verb }) => verb === 'upgrade'))
  if (words.length === 0 || upgrades.problem !== null) return upgrades
  return asked.about(['install', ...words, ...newer.map(({ name, version, arch }) => `${name}-${version}.${arch}`)])
}

const updateVerb = (args: YumArgs): readonly string[] => ['upgrade', ...updateOptions(args)]

/** Asks one host's dnf or yum about one task. */
class Asking {
  readonly #host: HostState
  readonly #args: YumArgs
  readonly #manager: RpmManager
  constructor(host: HostState, args: YumArgs, manager: RpmManager) {
    this.#host = host
    this.#args = args
    this.#manager = manager
  }
  get generation(): RpmManager['generation'] {
    return this.#manager.generation
  }

  async about(verb: readonly string[]): Promise<Jobs> {
    const words = [...yumOptions(this.#args, this.#manager), ...verb]
    const { problem, changes, groups } = await this.#host.get(
      rpmTransaction(this.#manager.program, words, this.#args.lock_timeout),
    )
    if (problem !== null) {
      if (/^No (?:match for argument|package .* available)/m.test(problem)) await this.#host.get(noRepositoryBrought())
      return impossible(`${this.#manager.program}: ${problem}`)
    }
    const foreseen = await this.#foresee(changes)
    // dnf 4 marks a group each time that it is asked to install it: a group is there when its packages are.
    const unmarked = verb[0] === 'remove' ? groups : []
    return {
      ...NOTHING,
      jobs: foreseen.length + unmarked.length === 0 ? [] : [{ words, changes: foreseen, groups: unmarked }],
    }
  }

  /** The changes with what is installed of each name; without those that earlier tasks of a check would have made. */
  async #foresee(changes: readonly RpmChange[]): Promise<readonly Foreseen[]> {
    const all = await Promise.all(
      changes.map(async (change) => ({
        ...change,
        current: await this.#host.get(rpm(change.name, this.#args.installroot)),
      })),
    )
    return all.filter((change) => (change.verb === 'remove') === isThere(change))
  }
}

const isThere = ({ arch, version, current }: RpmChange & { readonly current: readonly Rpm[] }): boolean =>
  current.some((one) => one.arch === arch && evrText(one) === version)
