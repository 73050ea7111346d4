import type { Fact } from '../../modules/fact.ts'
import { noRepositoryBrought, nothingBrought } from '../../modules/facts/brought.ts'
import type { Controller, HostState, Module, Plan, Proposal } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { checkArguments } from '../../schema/arguments.ts'

/** A fact and the value that a test wants it to have. */
export type Known = readonly [fact: Fact<unknown>, value: unknown]

/** A host that is a table of facts. What the table lacks is absent where that has a meaning, and otherwise an error in the test. */
export class FakeHost implements HostState {
  readonly #values: Map<string, unknown>
  /** Keys in the order in which they were asked for, those of one tick together: one batch, one round trip. */
  readonly batches: string[][] = []
  #open: { readonly keys: string[]; readonly answered: Promise<void> } | null = null
  constructor(known: readonly Known[] = []) {
    // Before any package was installed.
    const before: readonly Known[] = [nothingBrought(), noRepositoryBrought()].map((fact) => [fact, null])
    this.#values = new Map([...before, ...known].map(([fact, value]) => [fact.key, value]))
  }
  async get<T>(fact: Fact<T>): Promise<T> {
    this.#open ??= this.#batch()
    this.#open.keys.push(fact.key)
    await this.#open.answered
    const value = this.#values.has(fact.key) ? this.#values.get(fact.key) : fact.kind.absent
    if (value instanceof Error) throw value
    if (value === undefined) throw new Error(`the test says nothing of ${fact.key}`)
    return value as T
  }
  #batch(): { readonly keys: string[]; readonly answered: Promise<void> } {
    const keys: string[] = []
    this.batches.push(keys)
    return {
      keys,
      answered: new Promise((resolve) => {
        setImmediate(() => {
          this.#open = null
          resolve()
        })
      }),
    }
  }

  /** The host after a plan's steps, as check mode predicts it. */
  after(plan: Plan): FakeHost {
    const next = new FakeHost()
    for (const [key, value] of this.#values) next.#values.set(key, value)
    for (const effect of plan.kind === 'proposal' ? plan.steps.flatMap((step) => step.effects) : []) {
      if (effect.kind === 'becomes') next.#values.set(effect.fact.key, effect.value)
      if (effect.kind === 'stale') next.#values.delete(effect.fact.key)
    }
    return next
  }
}

/** A controller on which nothing is. */
export const NO_FILES: Controller = {
  hostName: 'h',
  place: (path) => Promise.resolve({ kind: 'absent', path }),
  file: () => Promise.resolve(null),
  render: () => Promise.reject(new Error('the test has no templates')),
}

/** Observes and plans as the engine does, with the arguments as a user writes them. */
export async function planOf(
  module: Module,
  args: JsonObject,
  host: HostState = new FakeHost(),
  controller: Controller = NO_FILES,
): Promise<Plan> {
  const checked = checkArguments(module.args, args)
  if (!checked.ok) throw new Error(checked.faults.map(({ message }) => message).join('; '))
  return module.plan(checked.value, await module.observe(host, checked.value, controller))
}

/** The same, where nothing stands in the way. */
export async function proposalOf(
  module: Module,
  args: JsonObject,
  host?: HostState,
  controller?: Controller,
): Promise<Proposal> {
  const plan = await planOf(module, args, host, controller)
  if (plan.kind === 'refusal') throw new Error(plan.message)
  return plan
}
