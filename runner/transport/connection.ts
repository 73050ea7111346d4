import type { Duplex } from 'node:stream'
import type { Address } from '../../modules/question.ts'
import { IdentityShell } from './identity-shell.ts'
import { totalOf, type Line } from './line.ts'
import type { Connection, Identity, Meter, Shell } from './transport.ts'

/** sshd allows 10 sessions on a connection (sshd_config(5), MaxSessions); some are left for second shells. */
const MOST_PROGRAMS = 7

/** The identities' shells on one line; on a second one, what ends a program where the host grants a single session on each. */
export class HostConnection implements Connection {
  readonly #line: Line
  readonly #shell: string
  readonly #openLine: (() => Promise<Line>) | undefined
  readonly #shells = new Map<string, IdentityShell>()
  readonly #seconds: Line[] = []
  #second: Promise<Line> | undefined
  #closed = false

  /** `openLine` opens a further line to the same host. */
  constructor(line: Line, shell: string, openLine?: () => Promise<Line>) {
    this.#line = line
    this.#shell = shell
    this.#openLine = openLine
  }

  get meter(): Meter {
    return this.#seconds.length === 0
      ? this.#line.meter
      : totalOf([this.#line, ...this.#seconds].map(({ meter }) => meter))
  }

  async shell(identity: Identity): Promise<Shell> {
    const key = identityKey(identity)
    let shell = this.#shells.get(key)
    if (!shell) {
      shell = new IdentityShell({
        line: this.#line,
        identity,
        shell: this.#shell,
        makeRoom: () => this.#makeRoom(),
        leaveRoom: () => this.#leaveRoom(),
        secondLine: () => this.#secondLine(),
      })
      this.#shells.set(key, shell)
    }
    await shell.open()
    return shell
  }

  dial(address: Address): Promise<Duplex> {
    return this.#line.dial(address)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#shells.values()].map((shell) => shell.close()))
    this.#closed = true
    await this.#second?.catch(() => undefined)
    await Promise.all([this.#line, ...this.#seconds].map((line) => line.close()))
  }

  /** Opened when it is first asked for, and again where it was lost; undefined where there can be none. */
  async #secondLine(): Promise<Line | undefined> {
    const before = await this.#second?.catch(() => undefined)
    if (this.#closed || (before !== undefined && before.lost === undefined)) return before
    const opening = this.#openLine?.()
    this.#second = opening
    const opened = await opening
    if (opened !== undefined) this.#seconds.push(opened)
    return opened
  }

  /** Lets the idle identity go that was not used for the longest time, where the line carries many programs. */
  #makeRoom(): void {
    const shells = [...this.#shells.values()]
    if (shells.reduce((sum, shell) => sum + shell.programs, 0) < MOST_PROGRAMS) return
    const oldest = this.#idle().toSorted((a, b) => a.lastUse - b.lastUse)[0]
    void oldest?.close(false)
  }

  /** Lets all idle identities go, where the host grants fewer sessions than usual; true where there were any. */
  async #leaveRoom(): Promise<boolean> {
    const idle = this.#idle()
    await Promise.all(idle.map((shell) => shell.close(false)))
    return idle.length > 0
  }

  #idle(): readonly IdentityShell[] {
    return [...this.#shells.values()].filter((shell) => shell.idle && shell.programs > 0)
  }
}

function identityKey(identity: Identity): string {
  if (identity.kind === 'login') return 'login'
  const { method, user, password, flags } = identity
  return JSON.stringify([method, user, password, flags])
}
