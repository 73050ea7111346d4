import type { RpmManager } from '../facts/package-manager.ts'
import { isUrl, rpm, type Rpm } from '../facts/rpm.ts'
import { noRepositoryBrought } from '../facts/brought.ts'
import type { RpmChange } from '../facts/rpm-transaction.ts'
import { anything, becomes, stale, type AttributeChange, type Effect, type ScriptAction, type Step } from '../step.ts'
import { unitsOf } from './package-units.ts'
import { WAIT_AND_RUN } from './rpm-lock.ts'
import { evrText, parseEvr } from './rpm-version.ts'
import { isPackageFile } from './yum-words.ts'

/** A package that comes or goes, and what is installed of its name. */
export interface Foreseen extends RpmChange {
  readonly current: readonly Rpm[]
}

/** What a task does with packages: the words for dnf or yum, and what comes of them. */
export interface Job {
  readonly words: readonly string[]
  readonly changes: readonly Foreseen[]
  readonly groups: readonly string[]
}

export interface YumRun {
  readonly manager: RpmManager
  readonly root: string
  readonly patience: number
}

export const yumAction = ({ manager, root, patience }: YumRun, words: readonly string[]): ScriptAction => ({
  do: 'sh',
  title: `${manager.program} ${words.filter((word) => !word.startsWith('-')).join(' ')}`,
  script: WAIT_AND_RUN,
  args: [String(patience), root, manager.program, '-y', ...words],
})

/** The step that carries out what is foreseen. `written` is what the task names: what rpm has of that changes too. */
export function packageStep(run: YumRun, { words, changes, groups }: Job, written: readonly string[]): Step {
  const removes = changes.every(({ verb }) => verb === 'remove')
  return {
    change: {
      subject: removes ? 'packages to remove' : 'packages',
      verb: removes ? 'remove' : 'update',
      attributes: [...changes.map((change) => shown(change, changes)), ...groups.map(groupShown)],
    },
    actions: [yumAction(run, words)],
    effects: [...effectsOf(run.root, changes, written), anything],
  }
}

function shown(change: Foreseen, among: readonly Foreseen[]): AttributeChange {
  const { verb, name, arch, version } = change
  const namesakes = new Set(among.filter((other) => other.name === name).map((other) => other.arch))
  const label = namesakes.size > 1 ? `${name}.${arch}` : name
  if (verb === 'remove') return { name: label, before: version, after: null }
  const before = verb === 'install' ? undefined : change.current.findLast((one) => one.arch === arch)
  return { name: label, before: before === undefined ? null : evrText(before), after: version }
}

const groupShown = (group: string): AttributeChange => ({ name: `group ${group}`, before: 'present', after: null })

/** What rpm knows after the changes, as far as it can be foreseen. What packages bring along cannot: anything may be read again. */
function effectsOf(root: string, changes: readonly Foreseen[], written: readonly string[]): readonly Effect[] {
  const after = new Map<string, readonly Rpm[]>()
  for (const change of changes) after.set(change.name, changed(after.get(change.name) ?? change.current, change))
  const known: Effect[] = [...after].map(([name, rpms]) => becomes(rpm(name, root), rpms))
  for (const one of written.filter((one) => !after.has(one))) {
    const meant = [...after.values()].flat().filter((each) => labels(each).includes(one))
    known.push(meant.length > 0 ? becomes(rpm(one, root), meant) : stale(rpm(one, root)))
  }
  const offers = written.some(mayOffer) || changes.some(({ verb, name }) => verb !== 'remove' && mayOffer(name))
  return [
    ...known,
    ...(root === '/' ? [...after.keys()].flatMap(unitsOf) : []),
    ...(offers ? [stale(noRepositoryBrought())] : []),
  ]
}

/** Whether a package may bring a repository: by convention its name says so (epel-release, pgdg-redhat-repo), and it is fetched by its address. */
const mayOffer = (written: string): boolean => /release|repo/.test(written) || isUrl(written) || isPackageFile(written)

function changed(current: readonly Rpm[], { verb, name, arch, version }: RpmChange): readonly Rpm[] {
  const evr = parseEvr(version)
  if (verb === 'remove') return current.filter((one) => one.arch !== arch || evrText(one) !== version)
  const kept = verb === 'install' ? current : current.filter((one) => one.arch !== arch)
  return [...kept, { name, arch, ...evr }]
}

/** The ways to write a package. */
function labels({ name, arch, epoch, version, release }: Rpm): readonly string[] {
  const plain = [name, `${name}-${version}`, `${name}-${version}-${release}`]
  const exact = [`${name}-${epoch}:${version}`, `${name}-${epoch}:${version}-${release}`]
  return [...plain, ...exact].flatMap((label) => [label, `${label}.${arch}`])
}
