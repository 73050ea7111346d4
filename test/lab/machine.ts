import { spawn } from 'node:child_process'
import { chmodSync, closeSync, copyFileSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attachLoop, isMounted, loopsOf, mountImage, unmountBelow } from './disks.ts'
import type { Lock } from './lock.ts'
import { address, bridge, gateway, inNetwork, machine } from './network.ts'
import { labPaths, nodePaths } from './paths.ts'
import { killAll, makeCgroups, processes } from './processes.ts'
import { LabError, run, until } from './run.ts'

const diskSize = '2G'
const here = dirname(fileURLToPath(import.meta.url))

/** Makes a node's root, as a copy of the image `from`, and its blank disk; a complete one stays as it is. */
export async function createMachine(
  lab: string,
  node: string,
  hosts: string,
  lock: Lock,
  from = join(labPaths(lab).store, 'base.ext4'),
): Promise<void> {
  const paths = nodePaths(lab, node)
  if (existsSync(paths.ready) && isMounted(paths.root)) return
  await discardMachine(lab, node, lock)
  mkdirSync(paths.dir, { recursive: true })
  mkdirSync(dirname(paths.rootImage), { recursive: true })
  await run(['cp', '--reflink=always', from, paths.rootImage], { lock })
  await run(['truncate', '--size', diskSize, paths.diskImage], { lock })
  await mountImage(paths.rootImage, paths.root, lock)
  personalize(paths.root, { name: node, hosts, key: labPaths(lab).key, hostKey: paths.hostKey })
  writeFileSync(paths.ready, '')
}

/** What makes a host one of its own. */
interface Identity {
  readonly name: string
  /** The text of /etc/hosts. */
  readonly hosts: string
  /** The file of the key that logs in, and of the one that sshd shows. */
  readonly key: string
  readonly hostKey: string
}

/** Writes who a host is into its root. */
export function personalize(root: string, { name, hosts, key, hostKey }: Identity): void {
  writeFileSync(join(root, 'etc/hostname'), `${name}\n`)
  writeFileSync(join(root, 'etc/hosts'), hosts)
  writeFileSync(join(root, 'etc/machine-id'), '')
  writeFileSync(join(root, 'etc/lab-net.env'), `ADDRESS=${address(name)}\nGATEWAY=${gateway}\n`)
  copyFileSync(`${key}.pub`, join(root, 'etc/ssh/lab_authorized_keys'))
  chmodSync(join(root, 'etc/ssh/lab_authorized_keys'), 0o644)
  copyFileSync(hostKey, join(root, 'etc/ssh/ssh_host_ed25519_key'))
  copyFileSync(`${hostKey}.pub`, join(root, 'etc/ssh/ssh_host_ed25519_key.pub'))
}

/** Starts a node that is off; it goes on running after this process has ended. */
export async function startMachine(lab: string, node: string, lock: Lock): Promise<void> {
  if (isRunning(lab, node)) return
  const { root, diskImage } = nodePaths(lab, node)
  const disk = await attachLoop(diskImage, lock)
  await supervise(lab, node, { root, disk, command: containerCommand(lab, node, disk) }, lock)
}

/** What runs a host: its command, and where swap of its own may lie. */
interface Supervised {
  readonly root: string
  readonly disk: string
  readonly command: readonly string[]
}

/** Runs what a host is made of in its control groups and in the lab's network. */
export async function supervise(
  lab: string,
  node: string,
  { root, disk, command }: Supervised,
  lock: Lock,
): Promise<void> {
  const paths = nodePaths(lab, node)
  const groups = makeCgroups(lab, node).join(' ')
  const console = openSync(paths.console, 'a')
  try {
    const child = spawn(join(here, 'supervise.sh'), [groups, root, disk, ...inNetwork(lab, command)], {
      detached: true,
      stdio: ['ignore', console, console, lock.fd],
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    const failure = () => `${node} does not start: see ${paths.console}`
    await until(() => isRunning(lab, node) || child.exitCode !== null, 10_000, failure)
    if (!isRunning(lab, node)) throw new LabError(failure())
    child.unref()
  } finally {
    closeSync(console)
  }
}

function containerCommand(lab: string, node: string, disk: string): string[] {
  const name = ['--machine', machine(lab, node), '--hostname', node]
  // This machine may have no systemd to register with; with --keep-unit nspawn ends at a reboot instead of going on by itself.
  const unregistered = ['--register=no', '--keep-unit', '--link-journal=no', '--console=pipe']
  const network = [`--network-bridge=${bridge}`, '--resolv-conf=off', '--timezone=off']
  // The clock is the machine's: the first time zone that anybody tells the kernel would move it.
  const clock = '--drop-capability=CAP_SYS_TIME'
  const rights = ['--capability=all', clock, '--system-call-filter=@swap', `--bind=${disk}:/dev/vdb`]
  const root = nodePaths(lab, node).root
  return ['systemd-nspawn', '--quiet', '--boot', `--directory=${root}`, ...name, ...unregistered, ...network, ...rights]
}

export function isRunning(lab: string, node: string): boolean {
  return processes(lab, node).length > 0
}

/** Turns a node off as a power cut does. Its disks stay. */
export async function stopMachine(lab: string, node: string, lock: Lock): Promise<void> {
  await killAll(lab, node)
  const name = machine(lab, node)
  for (const kind of ['propagate', 'unix-export']) {
    const left = join('/run/systemd/nspawn', kind, name)
    await unmountBelow(left, lock)
    rmSync(left, { recursive: true, force: true })
  }
  const { root, diskImage } = nodePaths(lab, node)
  const [disk = ''] = await loopsOf(diskImage)
  await run(['unshare', '--mount', join(here, 'swap-off.sh'), root, disk], { lock })
}

/** Removes a node, whatever state it is in. */
export async function discardMachine(lab: string, node: string, lock: Lock): Promise<void> {
  const paths = nodePaths(lab, node)
  rmSync(paths.ready, { force: true })
  await stopMachine(lab, node, lock)
  await unmountBelow(paths.dir, lock)
  for (const loop of await loopsOf(paths.diskImage)) await run(['losetup', '--detach', loop], { lock })
  for (const path of [paths.dir, paths.rootImage, paths.diskImage]) rmSync(path, { recursive: true, force: true })
}
