import { textOf } from '../facts/cloud-items.ts'
import type { Infer, Json, JsonObject } from '../../schema/infer.ts'
import type { balancerProperties } from './balancer-args.ts'

export type BalancerArgs = Infer<{
  readonly type: 'object'
  readonly required: readonly ['name']
  readonly properties: typeof balancerProperties
}>
type ListenerArgs = NonNullable<BalancerArgs['listeners']>[number]
type PoolArgs = NonNullable<ListenerArgs['pool']>

/** What a load balancer is to be: of each part the attributes that are wanted, by the names of the API. What is not wanted in any way is left out. */
export interface BalancerWish {
  readonly name: string
  readonly attributes: JsonObject
  /** What only making it takes, and what cannot be changed afterwards. */
  readonly place: JsonObject
  readonly listeners: readonly ListenerWish[]
}
export interface ListenerWish {
  /** Null where it is known by its port. */
  readonly name: string | null
  readonly newName: string
  readonly attributes: JsonObject & { readonly protocol: string; readonly protocol_port: number }
  readonly pool: PoolWish | null
}
export interface PoolWish {
  /** Null where it is the one that the listener has. */
  readonly name: string | null
  readonly newName: string
  readonly attributes: JsonObject & { readonly protocol: string }
  readonly monitor: (JsonObject & { readonly type: string }) | null
  /** Null where they are left as they are. */
  readonly members: readonly MemberWish[] | null
}
export type MemberWish = JsonObject & { readonly address: string; readonly protocol_port: number }

/** Ids by what people wrote: of subnets, networks and ports. */
export type Ids = (what: 'subnets' | 'networks' | 'ports', written: string) => string

/** What the arguments ask for; a string says what is wrong with them. */
export function balancerWish(args: BalancerArgs, ids: Ids): BalancerWish | string {
  const { name, vip_subnet: subnet, vip_network: network, vip_port: port, vip_address, provider } = args
  const listeners = (args.listeners ?? []).map((listener) => listenerWish(name, listener, ids))
  const twice = repeated(listeners.map(({ attributes }) => `${attributes.protocol_port}/${attributes.protocol}`))
  if (twice !== null) return `two listeners are to be at port ${twice}`
  const named = repeated(listeners.map(({ newName }) => newName))
  if (named !== null) return `two listeners are called ${named}`
  for (const { pool } of listeners) {
    const again = repeated((pool?.members ?? []).map(memberPlace))
    if (again !== null) return `${again} is listed twice among the members of ${pool?.newName ?? ''}`
  }
  return {
    name,
    attributes: given({ description: args.description, admin_state_up: args.admin_state_up }),
    place: given({
      vip_subnet_id: subnet === undefined ? undefined : ids('subnets', subnet),
      vip_network_id: network === undefined ? undefined : ids('networks', network),
      vip_port_id: port === undefined ? undefined : ids('ports', port),
      vip_address,
      provider,
    }),
    listeners,
  }
}

function listenerWish(balancer: string, listener: ListenerArgs, ids: Ids): ListenerWish {
  const { name, protocol, protocol_port, connection_limit, allowed_cidrs, admin_state_up, pool } = listener
  const newName = name ?? `${balancer}-${protocol_port}`
  const attributes = { protocol, protocol_port, ...given({ connection_limit, allowed_cidrs, admin_state_up }) }
  return {
    name: name ?? null,
    newName,
    attributes,
    pool: pool === undefined ? null : poolWish(newName, protocol, pool, ids),
  }
}

function poolWish(listener: string, spoken: string, pool: PoolArgs, ids: Ids): PoolWish {
  const { name, lb_algorithm, admin_state_up, members, health_monitor: monitor } = pool
  return {
    name: name ?? null,
    newName: name ?? `${listener}-pool`,
    attributes: {
      protocol: pool.protocol ?? (spoken === 'TERMINATED_HTTPS' ? 'HTTP' : spoken),
      lb_algorithm,
      admin_state_up,
    },
    monitor: monitor === undefined ? null : { ...given(monitor), type: monitor.type },
    members:
      members === undefined
        ? null
        : members.map(({ subnet, address, protocol_port, ...more }) => ({
            address,
            protocol_port,
            ...given({ ...more, subnet_id: subnet === undefined ? undefined : ids('subnets', subnet) }),
          })),
  }
}

/** What a member is known by, for people as well. */
export function memberPlace(member: JsonObject): string {
  const [address, port] = [member['address'], member['protocol_port']].map(textOf)
  return address?.includes(':') === true ? `[${address}]:${port}` : `${address}:${port}`
}

const given = (values: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const repeated = (names: readonly string[]): string | null =>
  names.find((name, index) => names.indexOf(name) !== index) ?? null
