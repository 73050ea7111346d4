import { textOf, type Item } from '../facts/cloud-items.ts'

/** What is wanted: a floating ip at a port, or none there. */
export interface FloatingWish {
  readonly port: Item
  /** The address of the port that it is for, where that has several. */
  readonly fixed: string | null
  /** The address it is to be. */
  readonly address: string | null
  /** The id of the network it is from. */
  readonly network: string | null
  /** Whether one that is free is taken before a new one is asked for. */
  readonly reuse: boolean
}

export type FloatingEdit =
  | { readonly kind: 'none'; readonly floating: Item }
  | { readonly kind: 'create' }
  | { readonly kind: 'associate'; readonly floating: Item }

/** What makes it so, given all floating ips of the project; a string says why nothing may be done. */
export function floatingEdit(wish: FloatingWish, all: readonly Item[]): FloatingEdit | string {
  const { port, fixed, address, network } = wish
  const here = floatingAt(port, fixed, all)
  const suits = (one: Item): boolean =>
    (address === null || one['floating_ip_address'] === address) &&
    (network === null || one['floating_network_id'] === network)
  const kept = here.find(suits)
  if (kept !== undefined) return { kind: 'none', floating: kept }
  const [other] = here
  // A fixed address has one floating ip at most.
  if (other !== undefined)
    return `${nameOf(port)} has the floating ip ${textOf(other['floating_ip_address'])} already: take that away first (state: absent)`
  const named = address === null ? undefined : all.find((one) => one['floating_ip_address'] === address)
  if (named !== undefined) {
    if (!suits(named))
      return `the floating ip ${textOf(address)} is from another network: leave out network, or name that one`
    return isFree(named)
      ? { kind: 'associate', floating: named }
      : `the floating ip ${textOf(address)} is that of ${textOf(named['fixed_ip_address'])} already: take it away there first (state: absent)`
  }
  const free = wish.reuse ? all.find((one) => isFree(one) && suits(one)) : undefined
  if (free !== undefined) return { kind: 'associate', floating: free }
  return network === null
    ? `say from which network the floating ip of ${nameOf(port)} is to be: network`
    : { kind: 'create' }
}

/** The floating ips of a port, or of one of its addresses. */
export const floatingAt = (port: Item, fixed: string | null, all: readonly Item[]): readonly Item[] =>
  all.filter((one) => one['port_id'] === port.id && (fixed === null || one['fixed_ip_address'] === fixed))

const isFree = (one: Item): boolean => (one['port_id'] ?? null) === null

/** What a port is called, for people. */
export const nameOf = (port: Item): string => {
  const name = port['name']
  return `the port ${typeof name === 'string' && name !== '' ? name : port.id}`
}
