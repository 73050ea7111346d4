import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { findModule, modules } from '../../modules/index.ts'
import { runPlaybooks } from '../../runner/engine/run.ts'
import { loadInventory } from '../../runner/inventory/load.ts'
import { loadPlaybook } from '../../runner/language/load.ts'
import { MemoryHost } from '../runner/host/memory-host.ts'

/**
 * A run on so many hosts that are not there: what the engine costs by itself. All share one file system in memory, on which the first run,
 * on one host, leaves nothing to do. Writes JSON: seconds of the processor, and bytes of the heap for each host once all tasks are done.
 * Needs `--expose-gc`. Arguments: DIRECTORY HOSTS
 */
const [directory = '', count = ''] = process.argv.slice(2)
const hosts = Number(count)
const tasks = 10

const playbookFile = join(directory, 'site.yml')
const task = (index: number): object =>
  index % 2 === 0
    ? { file: { path: `/srv/d${index}`, state: 'directory', mode: '0755' } }
    : {
        copy: {
          dest: `/srv/d${index - 1}/{{ app }}`,
          content: 'app {{ app }} of {{ inventory_hostname | length > 0 }}\n',
        },
      }
writeFileSync(
  playbookFile,
  stringify([
    {
      hosts: 'all',
      gather_facts: false,
      vars: { app: 'bench' },
      tasks: Array.from({ length: tasks }, (_, index) => task(index)),
    },
  ]),
)

const shared = new MemoryHost()
shared.write('/srv/keep', '')
const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function run(names: readonly string[], done: () => void): Promise<void> {
  const inventoryFile = join(directory, 'hosts')
  writeFileSync(inventoryFile, `[web]\n${names.map((name) => `${name} ansible_host=10.0.0.1\n`).join('')}`)
  const { playbook } = loadPlaybook(playbookFile, { modules, fileExists: () => true })
  if (playbook === undefined) throw new Error('the playbook cannot be read')
  const inventory = loadInventory([inventoryFile], { cwd: directory, playbookDirs: [directory] })
  const { signal } = new AbortController()
  const { exitStatus } = await runPlaybooks(
    [playbook],
    inventory,
    {
      check: false,
      diff: false,
      forks: 50,
      verbosity: 0,
      limit: undefined,
      tags: { only: [], skip: [] },
      extraVars: new Map(),
      connection: {},
      become: {},
      forceHandlers: false,
      readAhead: true,
      inventorySources: [inventoryFile],
      version: '0',
    },
    {
      connect: () => Promise.reject(new Error('nobody connects here')),
      hostOf: () => shared,
      moduleNamed: findModule,
      loadTasks: () => [],
      loadRole: () => {
        throw new Error('there are no roles here')
      },
      emit: (event) => {
        if (event.event === 'task-finished' && event.task === tasks) done()
      },
      interruption: { stop: signal, abort: signal },
      ask: () => Promise.resolve(undefined),
    },
  )
  if (exitStatus !== 0) throw new Error(`the run ended with ${exitStatus}`)
}

await run(['first'], () => {})
const before = heap()
const start = process.cpuUsage()
let cpu = 0
let after = 0
await run(
  Array.from({ length: hosts }, (_, index) => `h${index}`),
  () => {
    const { user, system } = process.cpuUsage(start)
    cpu = (user + system) / 1e6
    after = heap()
  },
)
process.stdout.write(JSON.stringify({ cpu, bytes: (after - before) / hosts }))
