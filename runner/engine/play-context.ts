import type { Module, RenderOptions } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Play, Task } from '../language/tree.ts'
import type { Scope } from '../template/template.ts'
import type { Layer } from '../vars/layers.ts'
import type { LayeredScope } from '../vars/scope.ts'
import type { SearchPath } from './controller.ts'
import type { Event } from './events.ts'
import type { InventoryChange } from '../inventory/change.ts'
import type { ExpectedFiles } from './expected-files.ts'
import type { Stats } from './stats.ts'
import type { HostRun } from './host-run.ts'
import type { Profile } from './profile/profile.ts'
import type { Lineage } from './lineage.ts'
import type { SettingDefaults } from './settings.ts'
import type { Interruption } from './signals.ts'

/** What all plays of a run share. */
interface RunWide {
  /** What `set_stats` keeps. */
  readonly stats: Stats
  readonly expectedFiles: ExpectedFiles
  /** Undefined where nobody asks where the time goes. */
  readonly profile: Profile | undefined
  /** Keeps a text out of whatever is shown from now on. */
  hide(secret: string): void
}

/** What tasks of a play may ask of the run that they belong to. */
export interface PlayContext {
  readonly play: Play
  readonly number: number
  readonly interruption: Interruption
  /** True where the whole run only checks. */
  readonly checks: boolean
  readonly verbosity: number
  /** False where each task reads its own facts only, for comparing. */
  readonly readsAhead: boolean
  /** True where hosts wait for their turn to be reached: what is prepared for each until then would only take memory. */
  readonly isCrowd: boolean
  /** The marker that stands for `omit`. */
  readonly omit: string
  emit(event: Event): void
  /** The variables of a task on a host; `extra` are stronger than the task's own. */
  scopeOf(host: HostRun, lineage: Lineage, extra?: readonly Layer[]): LayeredScope
  withVariables(scope: LayeredScope, values: Readonly<Record<string, unknown>>): LayeredScope
  /** `scope` holds the connection variables of the host. Throws `ConnectionVariableError`. */
  settingDefaults(host: HostRun, lineage: Lineage, scope: Scope): SettingDefaults
  moduleNamed(name: string): Module
  /** The host of that name, also one that is not in the play. Throws `TemplateError` where there is none. */
  hostNamed(name: string): HostRun
  /** Adds to the inventory of the run. False where that is nothing new. */
  changeInventory(change: InventoryChange): boolean
  readonly run: RunWide
  /** Names of the inventory's hosts that a pattern means. */
  hostsMatching(pattern: readonly string[]): readonly string[]
  searchPath(lineage: Lineage): SearchPath
  renderFile(file: string, text: string, scope: Scope, options: RenderOptions, path: SearchPath): string
  learnFacts(host: HostRun, facts: JsonObject): void
  /** Tasks that come after this one, in order, for reading ahead. */
  coming(task: Task): readonly Lineage[]
  /** Milliseconds; ends early when the run is interrupted. */
  sleep(milliseconds: number): Promise<void>
  /** Ends the play, or this batch of its hosts, for all of them. */
  end(what: 'end_play' | 'end_batch'): void
  /** Takes hosts that failed or could not be reached back into the play. */
  reviveAll(): void
  /** Asks the user a question; undefined where nobody can answer. */
  ask(prompt: string, hidden: boolean): Promise<string | undefined>
}
