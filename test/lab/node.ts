import { locked } from './lock.ts'
import { createMachine, discardMachine, isRunning, startMachine, stopMachine } from './machine.ts'
import { ensureLayer, type Layer } from './layer.ts'
import { address, isCut, setCable } from './network.ts'
import { labPaths } from './paths.ts'
import { attempt, LabError, run, until, type Outcome, type RunOptions } from './run.ts'
import { sshTo } from './ssh.ts'

export interface SshOptions extends RunOptions {
  /** `root` unless given; others are `ops`, `locked`, `noisy`, `fish` and `ash`. */
  readonly user?: string
}

/** A host of the lab. */
export class LabNode {
  readonly lab: string
  readonly name: string
  /** In the lab's network; see `Lab.exec`. */
  readonly address: string
  /** On 127.0.0.1, for everybody. */
  readonly port: number
  private readonly hosts: string

  constructor(lab: string, name: string, port: number, hosts: string) {
    this.lab = lab
    this.name = name
    this.address = address(name)
    this.port = port
    this.hosts = hosts
  }

  /** The words of an ssh command that runs `command` on the node. */
  sshCommand(command: readonly string[], user = 'root', options: readonly string[] = []): string[] {
    const { key, knownHosts } = labPaths(this.lab)
    return sshTo({ lab: this.lab, address: this.address, key, knownHosts }, command, user, options)
  }

  /** Runs a shell command on the node, and gives what came of it; status 255 when the node could not be reached. */
  ssh(command: string, { user = 'root', ...options }: SshOptions = {}): Promise<Outcome> {
    return attempt(this.sshCommand([command], user), options)
  }

  /** Runs a shell command on the node that has to succeed, and gives its standard output. */
  sh(command: string, { user = 'root', ...options }: SshOptions = {}): Promise<string> {
    return run(this.sshCommand([command], user), options)
  }

  /** Starts the node if it is off, and waits until it has booted. */
  async boot(): Promise<void> {
    await this.locked((lock) => startMachine(this.lab, this.name, lock))
    await this.ready()
  }

  /** Waits until the node answers and its boot is over, and gives what tells that boot from `other` ones: when its pid 1 started. */
  async ready(other?: string): Promise<string> {
    const command = this.sshCommand(['cut -d " " -f 22 /proc/1/stat; systemctl is-system-running --wait'])
    return until(
      async () => {
        if (!isRunning(this.lab, this.name)) throw new LabError(`${this.name} is off`)
        const [boot, state] = (await attempt(command, { timeout: 30_000 })).stdout.split('\n')
        return (state === 'running' || state === 'degraded') && boot !== other ? boot : ''
      },
      60_000,
      () => `${this.name} does not answer`,
    )
  }

  async reboot(): Promise<void> {
    const before = await this.ready()
    await this.ssh('systemctl reboot')
    await this.ready(before)
  }

  /** Ends everything on the node at once; `boot` starts it again. */
  powerCut(): Promise<void> {
    return this.locked((lock) => stopMachine(this.lab, this.name, lock))
  }

  /** Puts the node back to what it was at first: root as in the image, or as a layer has it; blank disk, booted, cable in. */
  async reset(layer?: Layer): Promise<void> {
    await this.locked(async (lock) => {
      const from = layer === undefined ? undefined : await ensureLayer(this.lab, layer, lock)
      await discardMachine(this.lab, this.name, lock)
      await createMachine(this.lab, this.name, this.hosts, lock, from)
      await startMachine(this.lab, this.name, lock)
    })
    await this.ready()
  }

  /** Pulls the network cable out. */
  cut(): Promise<void> {
    return setCable(this.lab, this.name, 'down')
  }

  plug(): Promise<void> {
    return setCable(this.lab, this.name, 'up')
  }

  async state(): Promise<'running' | 'cut' | 'off'> {
    if (!isRunning(this.lab, this.name)) return 'off'
    return (await isCut(this.lab, this.name)) ? 'cut' : 'running'
  }

  private locked(work: Parameters<typeof locked<void>>[1]): Promise<void> {
    return locked(labPaths(this.lab).lock, work)
  }
}
