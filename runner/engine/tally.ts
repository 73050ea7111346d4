import type { HostRecap, Outcome, Wire } from './events.ts'

/** Counts of one host's tasks, as the recap shows them. */
export class Tally {
  readonly #counts = { ok: 0, changed: 0, unknown: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  readonly #done: string[] = []

  /** Adds a task's outcome. As in Ansible, what changed is also ok, and an ignored failure is ok and ignored. */
  add(outcome: Outcome, ignored: boolean, changed: boolean): void {
    if (ignored) {
      if (changed) this.#counts.changed++
      this.#counts.ok++
      this.#counts.ignored++
      return
    }
    this.#counts[outcome]++
    if (outcome === 'changed' || outcome === 'unknown') this.#counts.ok++
  }

  /** A failure that a `rescue` took care of. */
  rescue(): void {
    // A host that shares the failure of a task that ran once has not failed itself.
    if (this.#counts.failed === 0) return
    this.#counts.failed--
    this.#counts.rescued++
  }

  note(subjects: readonly string[]): void {
    this.#done.push(...subjects)
  }

  /** How many tasks have run, those that were skipped left out. */
  get performed(): number {
    const { ok, failed, unreachable } = this.#counts
    return ok + failed + unreachable
  }

  /** False where the host had no task. */
  get used(): boolean {
    return Object.values(this.#counts).some((count) => count > 0)
  }

  get troubled(): { readonly failed: boolean; readonly unreachable: boolean } {
    return { failed: this.#counts.failed > 0, unreachable: this.#counts.unreachable > 0 }
  }

  /** `cut` says that the host did not come to the end of its tasks: what had been done is then listed. */
  recap(wire: Wire, cut: boolean): HostRecap {
    return { ...this.#counts, done: cut ? [...this.#done] : [], wire }
  }
}
