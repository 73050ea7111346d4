import type { Role } from '../language/tree.ts'
import type { HostRun } from './host-run.ts'

/** Which roles have run where in a play: a role that is used twice alike runs once, unless it allows duplicates. */
export class RolesRun {
  readonly #hosts = new Map<string, Set<HostRun>>()

  /** The hosts that the role is still to run on. */
  due(role: Role, hosts: readonly HostRun[]): readonly HostRun[] {
    const done = role.allowDuplicates ? undefined : this.#hosts.get(role.key)
    return done === undefined ? hosts : hosts.filter((host) => !done.has(host))
  }

  /** Notes that a task of the role has run on a host. */
  note(role: Role, host: HostRun): void {
    const done = this.#hosts.get(role.key) ?? new Set()
    this.#hosts.set(role.key, done.add(host))
  }
}
