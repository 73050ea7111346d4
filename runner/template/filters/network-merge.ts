import { cidrText, firstOf, lastOf, width, type Network } from '../values/network.ts'
import { fail } from '../values/types.ts'

/** The fewest networks that hold the same addresses, in order. */
export function mergeNetworks(networks: readonly Network[]): string[] {
  const sorted = networks
    .map((one) => ({ ...one, address: firstOf(one) }))
    .toSorted((a, b) => a.version - b.version || Number(a.address - b.address > 0n) * 2 - 1 || a.prefix - b.prefix)
  const merged: Network[] = []
  for (const network of sorted) {
    const last = merged.at(-1)
    if (last?.version === network.version && lastOf(network) <= lastOf(last)) continue
    merged.push(network)
    joinLast(merged)
  }
  return merged.map((one) => cidrText(one))
}

/** Joins the last two networks while they are the halves of one. */
function joinLast(merged: Network[]): void {
  for (;;) {
    const [left, right] = merged.slice(-2)
    if (!left || !right || left.version !== right.version || left.prefix !== right.prefix) return
    const whole = { ...left, prefix: left.prefix - 1 }
    if (left.prefix === 0 || firstOf(whole) !== left.address || lastOf(whole) !== lastOf(right)) return
    merged.splice(-2, 2, whole)
  }
}

/** The smallest network that holds all of them. */
export function spanNetworks(networks: readonly Network[]): string {
  const [first, ...rest] = networks
  if (!first || rest.length === 0) return fail('cidr_merge needs at least two networks to span')
  if (rest.some(({ version }) => version !== first.version)) fail('networks of different versions have no span')
  for (let prefix = width(first); prefix > 0; prefix -= 1) {
    const span = { ...first, prefix }
    if (networks.every((one) => firstOf(one) >= firstOf(span) && lastOf(one) <= lastOf(span)))
      return cidrText(span, firstOf(span))
  }
  return cidrText({ ...first, prefix: 0 }, 0n)
}
