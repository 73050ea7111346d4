import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where images are kept between runs. */
export const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'drover-lab')
export const cacheLock = join(cache, 'lock')

/** Where a running lab keeps its state. Fixed, since inventory/lab.yml names it. */
export const runtime = '/run/drover-lab'

export interface LabPaths {
  readonly dir: string
  /** Held while the lab is changed. */
  readonly lock: string
  /** Held by whoever has the lab for itself, such as a test run. */
  readonly lease: string
  /** Held by the worker of a test run whose suites use the lab. */
  readonly worker: string
  readonly state: string
  readonly key: string
  readonly knownHosts: string
  readonly inventory: string
  /** Mount point of the image store. */
  readonly store: string
  readonly forwardLog: string
}

export function labPaths(name: string): LabPaths {
  const dir = join(runtime, name)
  return {
    dir,
    lock: join(runtime, `${name}.lock`),
    lease: join(runtime, `${name}.lease`),
    worker: join(runtime, `${name}.worker`),
    state: join(dir, 'lab.json'),
    key: join(dir, 'id'),
    knownHosts: join(dir, 'known_hosts'),
    inventory: join(dir, 'inventory.yml'),
    store: join(dir, 'store'),
    forwardLog: join(dir, 'forward.log'),
  }
}

export interface NodePaths {
  readonly dir: string
  /** Mount point of the node's root file system. */
  readonly root: string
  readonly console: string
  readonly hostKey: string
  /** There when the root is complete. */
  readonly ready: string
  readonly rootImage: string
  readonly diskImage: string
}

export function nodePaths(lab: string, node: string): NodePaths {
  const { dir: labDir, store } = labPaths(lab)
  const dir = join(labDir, node)
  return {
    dir,
    root: join(dir, 'root'),
    console: join(dir, 'console.log'),
    hostKey: join(labDir, `${node}.hostkey`),
    ready: join(dir, 'ready'),
    rootImage: join(store, lab, `${node}.ext4`),
    diskImage: join(store, lab, `${node}.disk`),
  }
}
