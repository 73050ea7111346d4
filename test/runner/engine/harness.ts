import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { findModule, modules } from '../../../modules/index.ts'
import type { Module } from '../../../modules/module.ts'
import type { Event, HostFinished, HostRecap } from '../../../runner/engine/events.ts'
import { type RunDependencies, type RunOptions, runPlaybooks } from '../../../runner/engine/run.ts'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { loadPlaybook, loadRole, loadTasks } from '../../../runner/language/load.ts'
import { ProblemsFound } from '../../../runner/language/source.ts'
import { connect } from '../../../runner/transport/connect.ts'

/** A playbook's text and what it runs with. Hosts `a`, `b` and `c` are this machine, unless `inventory` says otherwise. */
export interface Scenario {
  readonly playbook: string
  readonly inventory?: string
  /** Where the inventory is, in the playbook's directory; `hosts` where unset. */
  readonly inventoryFile?: string
  /** Further files beside the playbook. */
  readonly files?: Readonly<Record<string, string>>
  readonly options?: Partial<RunOptions>
  readonly extraVars?: Readonly<Record<string, unknown>>
  readonly dependencies?: Partial<RunDependencies>
  /** Modules beside drover's own. */
  readonly modules?: readonly Module[]
  /** Called with each event as it comes. */
  readonly watch?: (event: Event) => void
  /** Where the playbook is; a directory of its own where unset. */
  readonly directory?: string
}

/** A task as it went: its hosts in the order in which they ended. */
export interface Went {
  readonly name: string
  readonly handler: boolean
  readonly hosts: Readonly<Record<string, HostFinished>>
}

export interface Played {
  readonly events: readonly Event[]
  /** In the order in which they started. */
  readonly tasks: readonly Went[]
  /** `TASK: a=ok b=skipped`, one line for each task. */
  readonly summary: readonly string[]
  /** What `debug` showed on a host, in order. */
  readonly said: (host?: string) => readonly (string | null)[]
  readonly of: (task: string, host?: string) => HostFinished
  readonly recap: Readonly<Record<string, HostRecap>>
  readonly exitStatus: number
  readonly warnings: readonly string[]
}

/** A directory that is gone when the test is over. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'drover-engine-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export const never = (): AbortSignal => new AbortController().signal

export const options: RunOptions = {
  check: false,
  diff: false,
  forks: 50,
  verbosity: 0,
  limit: undefined,
  tags: { only: [], skip: [] },
  extraVars: new Map(),
  connection: { connection: 'local' },
  become: {},
  forceHandlers: false,
  readAhead: true,
  inventorySources: [],
  version: '0.1.0',
}

/** Runs a playbook. Throws `ProblemsFound` where it cannot even be read. The variable `here` is its directory. */
export async function play(scenario: Scenario): Promise<Played> {
  const directory = scenario.directory ?? scratch()
  const write = (name: string, text: string): string => {
    const path = join(directory, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  for (const [name, text] of Object.entries(scenario.files ?? {})) write(name, text)
  const path = write('playbook.yml', scenario.playbook)
  const sources = [write(scenario.inventoryFile ?? 'hosts', scenario.inventory ?? 'a\nb\nc\n')]
  const known = [...modules, ...(scenario.modules ?? [])]
  const { playbook, problems } = loadPlaybook(path, { modules: known, fileExists: () => true })
  const inventory = loadInventory(sources, { cwd: directory, playbookDirs: [directory] })
  const wrong = [...problems, ...inventory.problems]
  if (playbook === undefined || wrong.length > 0) throw new ProblemsFound(wrong)
  const events: Event[] = []
  const extraVars = new Map(
    Object.entries({ here: directory, ...scenario.extraVars }).map(([name, value]) => [
      name,
      { value: value as never },
    ]),
  )
  const { exitStatus, recap } = await runPlaybooks(
    [playbook],
    inventory,
    { ...options, inventorySources: sources, extraVars, ...scenario.options },
    {
      connect,
      moduleNamed: (name) => scenario.modules?.find((module) => module.name === name) ?? findModule(name),
      loadTasks: (file, from, section, playbookDirectory, roles) => {
        const loaded = loadTasks(file, { modules: known, from, section, playbookDirectory, roles })
        if (loaded.tasks === undefined) throw new ProblemsFound(loaded.problems)
        return loaded.tasks
      },
      loadRole: (request, playbookDirectory, beside) => {
        const { role, problems: found } = loadRole(request, { modules: known, playbookDirectory, beside })
        if (role === undefined) throw new ProblemsFound(found)
        return role
      },
      emit: (event) => {
        events.push(event)
        scenario.watch?.(event)
      },
      interruption: { stop: never(), abort: never() },
      ask: () => Promise.resolve(undefined),
      ...scenario.dependencies,
    },
  )
  return { ...told(events), recap, exitStatus }
}

function told(events: readonly Event[]): Omit<Played, 'recap' | 'exitStatus'> {
  const finished = events.filter((event) => event.event === 'host-finished')
  const byTask = new Map<number, HostFinished[]>()
  for (const event of finished) byTask.set(event.task, [...(byTask.get(event.task) ?? []), event])
  const tasks = events
    .filter((event) => event.event === 'task-started')
    .map(({ task, name, handler }) => ({
      name,
      handler,
      hosts: Object.fromEntries((byTask.get(task) ?? []).map((event) => [event.host, event])),
    }))
  const actions = new Map(
    events.filter((event) => event.event === 'task-started').map(({ task, action }) => [task, action]),
  )
  return {
    events,
    tasks,
    summary: tasks.map(({ name, hosts }) =>
      [
        `${name}:`,
        ...Object.keys(hosts)
          .toSorted()
          .map((host) => `${host}=${hosts[host]?.outcome ?? ''}${hosts[host]?.ignored === true ? '(ignored)' : ''}`),
      ].join(' '),
    ),
    said: (host = 'a') =>
      finished
        .filter((event) => event.host === host && actions.get(event.task) === 'debug')
        .map(({ message }) => message),
    of: (task, host = 'a') => {
      const found = tasks.findLast(({ name, hosts }) => name === task && hosts[host] !== undefined)?.hosts[host]
      if (found === undefined)
        throw new Error(`no task "${task}" on ${host} in ${tasks.map(({ name }) => name).join(', ')}`)
      return found
    },
    warnings: events.filter((event) => event.event === 'warning').map(({ message }) => message),
  }
}
