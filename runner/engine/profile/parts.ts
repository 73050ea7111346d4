import type { Part, Parts } from '../events.ts'

/** In the order in which they are told. */
export const partNames = ['connect', 'read', 'render', 'plan', 'perform', 'wait'] as const satisfies readonly Part[]

export const noParts: Parts = { connect: 0, read: 0, render: 0, plan: 0, perform: 0, wait: 0 }

/** All of them together. */
export function added(all: readonly Parts[]): Parts {
  const sum = { ...noParts }
  for (const parts of all) for (const name of partNames) sum[name] += parts[name]
  return sum
}
