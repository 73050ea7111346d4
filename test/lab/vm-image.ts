import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mountImage, unmountBelow } from './disks.ts'
import { makeKey } from './key.ts'
import { ensureLayer } from './layer.ts'
import { locked, type Lock } from './lock.ts'
import { personalize } from './machine.ts'
import { address } from './network.ts'
import { cacheLock, labPaths } from './paths.ts'
import { killAll } from './processes.ts'
import { saveAndQuit } from './qmp.ts'
import { run } from './run.ts'
import { hardware, qemuSocket, startVm, vmLogin, vmName, vmReady, type VmFiles } from './vm-machine.ts'

/** The files of a saved machine, in a directory that also has its keys. */
export function vmFiles(dir: string): Required<VmFiles> {
  const file = (name: string) => join(dir, name)
  return {
    kernel: file('vmlinuz'),
    initrd: file('initrd'),
    root: file('root.ext4'),
    disk: file('disk'),
    memory: file('memory'),
  }
}

/**
 * Makes the machine unless the lab's store has it: boots the layer `selinux` and saves the state that it then is in, which is one to four
 * minutes; gives the directory with its files.
 */
export async function ensureVm(lab: string, lock: Lock): Promise<string> {
  const layer = await ensureLayer(lab, 'selinux', lock)
  const dir = join(labPaths(lab).store, 'vm', await named(layer))
  await locked(cacheLock, async () => {
    if (existsSync(dir)) return
    const part = `${dir}.part`
    await killAll(lab, vmName)
    await unmountBelow(dirname(dir), lock)
    rmSync(dirname(dir), { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
    console.error('lab: booting a virtual machine, to save it')
    await prepare(part, layer, lock)
    const { kernel, initrd, root, disk, memory } = vmFiles(part)
    await startVm(lab, { kernel, initrd, root, disk }, lock)
    await vmReady(vmLogin(lab, part))
    await saveAndQuit(qemuSocket(lab), memory)
    await killAll(lab, vmName)
    renameSync(part, dir)
  })
  return dir
}

/** Names a saved machine by all that goes into it, and by the QEMU that can read it. */
async function named(layer: string): Promise<string> {
  const hash = createHash('sha256').update(basename(layer)).update(hardware.join(' '))
  hash.update(await run(['qemu-system-x86_64', '--version'])).update(readFileSync(fileURLToPath(import.meta.url)))
  return hash.digest('hex').slice(0, 12)
}

/** Makes the disks, the keys and what is booted, in `dir`. */
async function prepare(dir: string, layer: string, lock: Lock): Promise<void> {
  const { kernel, initrd, root, disk } = vmFiles(dir)
  const key = join(dir, 'id')
  const hostKey = join(dir, 'hostkey')
  await makeKey(key, lock)
  await makeKey(hostKey, lock)
  const shown = readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(join(dir, 'known_hosts'), `${address(vmName)} ${shown}\n`)
  await run(['cp', '--reflink=always', layer, root], { lock })
  await run(['truncate', '--size', '2G', disk], { lock })
  const mount = join(dir, 'mnt')
  await mountImage(root, mount, lock)
  personalize(mount, { name: vmName, hosts: `127.0.0.1 localhost ${vmName}\n`, key, hostKey })
  const boot = readdirSync(join(mount, 'boot'))
  for (const [from, to] of [
    ['vmlinuz-', kernel],
    ['initrd.img-', initrd],
  ] as const)
    copyFileSync(join(mount, 'boot', boot.find((name) => name.startsWith(from)) ?? from), to)
  await unmountBelow(mount, lock)
}
