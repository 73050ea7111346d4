import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startForward } from './forward.ts'
import { inventoryOf } from './inventory.ts'
import { defaultLab, findLab } from './lab.ts'
import { locked } from './lock.ts'
import { isRunning } from './machine.ts'
import { address } from './network.ts'
import { labPaths, nodePaths } from './paths.ts'
import { killAll } from './processes.ts'
import { attempt, LabError, run, type Outcome, type RunOptions } from './run.ts'
import { sshTo } from './ssh.ts'
import { ensureVm, vmFiles } from './vm-image.ts'
import { startVm, vmLogin, vmName, vmReady } from './vm-machine.ts'

/** A virtual machine of a lab: a host with a kernel of its own, and with SELinux enforcing. It has the disks /dev/vda and /dev/vdb. */
export class LabVm {
  readonly lab: string
  readonly name = vmName
  readonly address = address(vmName)
  /** On 127.0.0.1, for everybody. */
  readonly port: number
  /** An inventory of the machine alone. */
  readonly inventory: string
  private readonly keys: string

  constructor(lab: string, { port, keys }: VmState) {
    this.lab = lab
    this.port = port
    this.keys = keys
    this.inventory = join(nodePaths(lab, vmName).dir, 'inventory.yml')
  }

  /** The words of an ssh command that runs `command` on the machine. */
  sshCommand(command: readonly string[], user = 'root', options: readonly string[] = []): string[] {
    return sshTo(vmLogin(this.lab, this.keys), command, user, options)
  }

  /** Runs a shell command on the machine, and gives what came of it; status 255 when it could not be reached. */
  ssh(command: string, options: RunOptions = {}): Promise<Outcome> {
    return attempt(this.sshCommand([command]), options)
  }

  /** Runs a shell command on the machine that has to succeed, and gives its standard output. */
  sh(command: string, options: RunOptions = {}): Promise<string> {
    return run(this.sshCommand([command]), options)
  }
}

/** What is kept of a machine that is up; written last. */
interface VmState {
  readonly port: number
  /** The directory of its keys. */
  readonly keys: string
}

const stateFile = (lab: string): string => join(nodePaths(lab, vmName).dir, 'vm.json')

/** Brings up the machine of a lab that is up: from the state that it was saved in, as it always was then. One that runs stays as it is. */
export async function vmUp(lab = defaultLab): Promise<LabVm> {
  if (!findLab(lab)) throw new LabError('the machine needs the lab: npm run lab -- up')
  return locked(labPaths(lab).lock, async (lock) => {
    const there = findVm(lab)
    if (there) return there
    await discardVm(lab)
    const paths = nodePaths(lab, vmName)
    mkdirSync(paths.dir, { recursive: true, mode: 0o700 })
    const saved = await ensureVm(lab, lock)
    const { root, disk, ...files } = vmFiles(saved)
    mkdirSync(dirname(paths.rootImage), { recursive: true })
    await run(['cp', '--reflink=always', root, paths.rootImage], { lock })
    await run(['cp', '--reflink=always', disk, paths.diskImage], { lock })
    await startVm(lab, { ...files, root: paths.rootImage, disk: paths.diskImage }, lock)
    await vmReady(vmLogin(lab, saved))
    const port = (await startForward(lab, new Map([[vmName, 0]]), lock, vmName)).get(vmName) ?? 0
    const known = readFileSync(vmLogin(lab, saved).knownHosts, 'utf8')
    const login = { key: vmLogin(lab, saved).key, knownHosts: join(paths.dir, 'known_hosts') }
    writeFileSync(login.knownHosts, `[127.0.0.1]:${port},${known}`)
    writeFileSync(join(paths.dir, 'inventory.yml'), inventoryOf(login, { [vmName]: port }))
    const state: VmState = { port, keys: saved }
    writeFileSync(`${stateFile(lab)}.part`, JSON.stringify(state))
    renameSync(`${stateFile(lab)}.part`, stateFile(lab))
    return new LabVm(lab, state)
  })
}

/** The machine of a lab if it is up, without touching it. */
export function findVm(lab = defaultLab): LabVm | undefined {
  if (!existsSync(stateFile(lab)) || !isRunning(lab, vmName)) return undefined
  return new LabVm(lab, JSON.parse(readFileSync(stateFile(lab), 'utf8')) as VmState)
}

/** Removes the machine, whatever state it is in; the state that it was saved in stays. */
export function vmDown(lab = defaultLab): Promise<void> {
  return locked(labPaths(lab).lock, () => discardVm(lab))
}

async function discardVm(lab: string): Promise<void> {
  await killAll(lab, vmName)
  const { dir, rootImage, diskImage } = nodePaths(lab, vmName)
  for (const path of [dir, rootImage, diskImage]) rmSync(path, { recursive: true, force: true })
}
