import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { detachLoopsBelow, isMounted, mountImage, unmountBelow } from './disks.ts'
import { startForward } from './forward.ts'
import { ensureImage } from './image.ts'
import { inventoryOf } from './inventory.ts'
import { makeKey } from './key.ts'
import { locked, type Lock } from './lock.ts'
import { createMachine, discardMachine, startMachine } from './machine.ts'
import { address, inNetwork, networkDown, networkUp } from './network.ts'
import { LabNode } from './node.ts'
import { cacheLock, labPaths, nodePaths } from './paths.ts'
import { killAll, processes } from './processes.ts'
import { attempt, LabError, type Outcome, type RunOptions } from './run.ts'

export const defaultLab = 'lab'

/** A lab that is up. */
export class Lab {
  readonly name: string
  readonly nodes: readonly LabNode[]
  /** An inventory of the nodes, in the group `galera`, reached through 127.0.0.1. */
  readonly inventory: string
  /** The private key for every user of every node. */
  readonly key: string
  /** Holds the nodes' host keys, by address, by name and by forwarded port. */
  readonly knownHosts: string

  constructor(state: State) {
    const { inventory, key, knownHosts } = labPaths(state.name)
    this.name = state.name
    const hosts = hostsFile(Object.keys(state.ports))
    this.nodes = Object.entries(state.ports).map(([name, port]) => new LabNode(state.name, name, port, hosts))
    this.inventory = inventory
    this.key = key
    this.knownHosts = knownHosts
  }

  /** The node n1, n2 and so on. */
  node(name: string): LabNode {
    const found = this.nodes.find((node) => node.name === name)
    if (found) return found
    throw new LabError(`the lab has no node ${name}: it has ${this.nodes.map((node) => node.name).join(', ')}`)
  }

  /** Runs a program of this machine in the lab's network, where nodes are reached by their addresses. */
  exec(argv: readonly string[], options?: RunOptions): Promise<Outcome> {
    return attempt(inNetwork(this.name, argv), options)
  }
}

/** What is kept of a lab; written last, so that a lab whose making was interrupted has none. */
interface State {
  readonly name: string
  readonly image: string
  /** The ports on 127.0.0.1 by node. */
  readonly ports: Readonly<Record<string, number>>
}

/** Brings a lab up with at least `nodes` nodes, all of them booted. What is there already stays as it is. */
export async function labUp({ name = defaultLab, nodes = 3 } = {}): Promise<Lab> {
  checkName(name)
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 99) throw new LabError('a lab has 1 to 99 nodes')
  const image = await ensureImage()
  const lab = await locked(labPaths(name).lock, async (lock) => {
    const before = readState(name)
    if (before?.image !== image) await tearDown(name, lock)
    const count = Math.max(nodes, Object.keys(readState(name)?.ports ?? {}).length)
    return build(
      name,
      image,
      Array.from({ length: count }, (_, index) => `n${index + 1}`),
      lock,
    )
  })
  await Promise.all(lab.nodes.map((node) => node.ready()))
  return lab
}

async function build(name: string, image: string, nodes: readonly string[], lock: Lock): Promise<Lab> {
  const paths = labPaths(name)
  mkdirSync(paths.dir, { recursive: true, mode: 0o700 })
  await locked(cacheLock, (lock) => mountImage(image, paths.store, lock))
  await networkUp(name, lock)
  await makeKey(paths.key, lock)
  for (const node of nodes) await makeKey(nodePaths(name, node).hostKey, lock)
  for (const node of nodes) {
    await createMachine(name, node, hostsFile(nodes), lock)
    await startMachine(name, node, lock)
  }
  const state = { name, image, ports: await forwardedPorts(name, nodes, lock) }
  writeFileSync(paths.knownHosts, knownHosts(state))
  writeFileSync(paths.inventory, inventoryOf(paths, state.ports))
  writeFileSync(`${paths.state}.part`, JSON.stringify(state))
  renameSync(`${paths.state}.part`, paths.state)
  return new Lab(state)
}

async function forwardedPorts(name: string, nodes: readonly string[], lock: Lock): Promise<Record<string, number>> {
  const before = readState(name)?.ports ?? {}
  if (nodes.every((node) => node in before) && processes(name, 'forward').length > 0) return before
  await killAll(name, 'forward')
  const wanted = nodes.map((node) => [node, before[node] ?? defaultPort(name, node)] as const)
  return Object.fromEntries(await startForward(name, new Map(wanted), lock))
}

/** inventory/lab.yml names the default lab's ports; others take what is free. */
export function defaultPort(lab: string, node: string): number {
  return lab === defaultLab ? 22_000 + Number(address(node).split('.').at(-1)) : 0
}

function knownHosts({ name, ports }: State): string {
  return Object.entries(ports)
    .map(([node, port]) => {
      const key = readFileSync(`${nodePaths(name, node).hostKey}.pub`, 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' ')
      return `[127.0.0.1]:${port},${address(node)},${node} ${key}\n`
    })
    .join('')
}

function hostsFile(nodes: readonly string[]): string {
  return ['127.0.0.1 localhost', ...nodes.map((node) => `${address(node)} ${node}`), ''].join('\n')
}

/** The lab of that name if it is up, without touching it. */
export function findLab(name = defaultLab): Lab | undefined {
  checkName(name)
  const state = readState(name)
  return state && isMounted(labPaths(name).store) ? new Lab(state) : undefined
}

function readState(name: string): State | undefined {
  const { state } = labPaths(name)
  return existsSync(state) ? (JSON.parse(readFileSync(state, 'utf8')) as State) : undefined
}

/** Removes a lab and all that belongs to it, in whatever state it is. */
export function labDown(name = defaultLab): Promise<void> {
  checkName(name)
  return locked(labPaths(name).lock, (lock) => tearDown(name, lock))
}

/** Goes by what the kernel has rather than by files, which may say less when a run was killed. */
async function tearDown(name: string, lock: Lock): Promise<void> {
  const { dir, state, store } = labPaths(name)
  rmSync(state, { force: true })
  await killAll(name)
  const nodes = existsSync(dir) ? readdirSync(dir).filter((entry) => /^n\d+$/.test(entry)) : []
  for (const node of nodes) await discardMachine(name, node, lock)
  await detachLoopsBelow(store, lock)
  if (isMounted(store)) rmSync(join(store, name), { recursive: true, force: true })
  await locked(cacheLock, (lock) => unmountBelow(dir, lock))
  await networkDown(name, lock)
  rmSync(dir, { recursive: true, force: true })
}

function checkName(name: string): void {
  if (!/^[a-z][a-z0-9]{0,7}$/.test(name)) {
    throw new LabError(
      `${JSON.stringify(name)} is no name for a lab: use a letter and up to seven more letters or digits`,
    )
  }
}
