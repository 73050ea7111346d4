import { expect, it } from 'vitest'
import { floatingEdit, type FloatingWish } from '../../../modules/lib/floating-plan.ts'
import type { Item } from '../../../modules/facts/cloud-items.ts'

const port: Item = { id: 'p', name: 'vip' }
const wish = (more: Partial<FloatingWish> = {}): FloatingWish => ({
  port,
  fixed: null,
  address: null,
  network: 'out',
  reuse: false,
  ...more,
})
const floating = (address: string, at: string | null, more: object = {}): Item => ({
  id: address,
  floating_ip_address: address,
  floating_network_id: 'out',
  port_id: at,
  fixed_ip_address: at === null ? null : '10.0.0.1',
  ...more,
})
const mine = floating('a', 'p')
const free = floating('b', null)
const theirs = floating('c', 'q')

it.each<[string, FloatingWish, readonly Item[], unknown]>([
  ['keeps what the port has', wish(), [free, mine], { kind: 'none', floating: mine }],
  ['makes one', wish(), [free, theirs], { kind: 'create' }],
  [
    'takes one that is free, where it may',
    wish({ reuse: true }),
    [theirs, free],
    { kind: 'associate', floating: free },
  ],
  ['not one of another network', wish({ reuse: true, network: 'x' }), [free], { kind: 'create' }],
  [
    'takes the one that is named',
    wish({ address: 'b', network: null }),
    [theirs, free],
    { kind: 'associate', floating: free },
  ],
  ['makes the one that is named', wish({ address: 'd' }), [free], { kind: 'create' }],
  [
    'takes nothing away',
    wish({ address: 'c' }),
    [theirs],
    expect.stringMatching(/^the floating ip c is that of 10.0.0.1 already/),
  ],
  [
    'keeps one at each address',
    wish({ address: 'b' }),
    [mine, free],
    expect.stringMatching(/^the port vip has the floating ip a already/),
  ],
  ['tells addresses of a port apart', wish({ fixed: '10.0.0.2' }), [mine], { kind: 'create' }],
  ['needs a network for a new one', wish({ network: null }), [], expect.stringMatching(/^say from which network/)],
  [
    'holds an address to the network',
    wish({ address: 'b', network: 'x' }),
    [free],
    expect.stringMatching(/is from another network/),
  ],
])('openstack_floating_ip: %s', (_name, wanted, all, edit) => {
  expect(floatingEdit(wanted, all)).toEqual(edit)
})
