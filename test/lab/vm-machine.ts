import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Lock } from './lock.ts'
import { isRunning, supervise } from './machine.ts'
import { address, tapUp } from './network.ts'
import { nodePaths } from './paths.ts'
import { attempt, LabError, run, until } from './run.ts'
import { sshTo, type Login } from './ssh.ts'

/** The files of a virtual machine: what it boots, its two disks, and what it had in memory when it was saved. */
export interface VmFiles {
  readonly kernel: string
  readonly initrd: string
  readonly root: string
  readonly disk: string
  readonly memory?: string
}

/** The one virtual machine of a lab. */
export const vmName = 'v1'

const kernelLine =
  'root=/dev/vda rw console=ttyS0 quiet selinux=1 security=selinux net.ifnames=0 mitigations=off random.trust_cpu=1'
// Emulated, since not every kernel can be run where virtualization is offered.
const processor = ['-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'max', '-smp', '2', '-m', '768']
const board = ['-nodefaults', '-no-user-config', '-M', 'q35,usb=off,vmport=off', '-rtc', 'base=utc,clock=host']
const devices = ['-display', 'none', '-serial', 'stdio', '-device', 'virtio-rng-pci']

/** What the machine is made of, apart from its files: a saved one goes on only in the same. */
export const hardware: readonly string[] = [...processor, ...board, ...devices, '-append', kernelLine]

/** The socket where the machine's QEMU listens for commands. */
export const qemuSocket = (lab: string): string => join(nodePaths(lab, vmName).dir, 'qemu')

const drive = (file: string) => ['-drive', `if=virtio,format=raw,cache=unsafe,file=${file}`]

/** Starts the machine, from the state that it was saved in if there is one. Its disks are changed. */
export async function startVm(lab: string, { kernel, initrd, root, disk, memory }: VmFiles, lock: Lock): Promise<void> {
  const { dir } = nodePaths(lab, vmName)
  const tap = await tapUp(lab, vmName, lock)
  rmSync(qemuSocket(lab), { force: true })
  const boot = ['-kernel', kernel, '-initrd', initrd, '-qmp', `unix:${qemuSocket(lab)},server=on,wait=off`]
  const card = 'virtio-net-pci,netdev=net,mac=52:54:00:00:32:c9,romfile='
  const network = ['-netdev', `tap,id=net,ifname=${tap},script=no,downscript=no`, '-device', card]
  const saved = memory === undefined ? [] : ['-incoming', `exec:cat ${memory}`]
  const command = ['qemu-system-x86_64', ...hardware, ...boot, ...drive(root), ...drive(disk), ...network, ...saved]
  await supervise(lab, vmName, { root: dir, disk: '', command }, lock)
}

/** Waits until the machine answers and its boot is over; sets its clock, which stood while it was saved. */
export async function vmReady(login: Login): Promise<void> {
  const { lab } = login
  await until(
    async () => {
      if (!isRunning(lab, vmName)) throw new LabError(`${vmName} has ended: see ${nodePaths(lab, vmName).console}`)
      const command = sshTo(login, ['systemctl is-system-running --wait'])
      return /running|degraded/.test((await attempt(command, { timeout: 60_000 })).stdout)
    },
    600_000,
    () => `${vmName} does not answer: see ${nodePaths(lab, vmName).console}`,
  )
  await run(sshTo(login, [`date --set @${Math.round(Date.now() / 1000)}`]))
}

/** What logs in to the machine; `dir` has the keys. */
export function vmLogin(lab: string, dir: string): Login {
  return { lab, address: address(vmName), key: join(dir, 'id'), knownHosts: join(dir, 'known_hosts') }
}
