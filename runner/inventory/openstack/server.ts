import type { Json, JsonObject } from '../../../schema/infer.ts'
import type { CloudServers } from './answer.ts'

/** A server as a host: what its variable `openstack` holds, and where it is reached. */
export interface Server {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** Empty where it has no address, as the next two. */
  readonly address: string
  readonly facts: JsonObject
  readonly groups: readonly string[]
}

/** A server of Nova's answer. `isPrivate`: reached at its address in a network of its own. https://docs.openstack.org/api-ref/compute/ */
export function serverOf(told: JsonObject, from: CloudServers, isPrivate: boolean): Server {
  const id = text(told['id'])
  const name = text(told['name']) || id
  const nets = Object.entries(objectOf(told['addresses'])).map(([net, list]) => [net, addressesIn(list)] as const)
  const addresses = nets.flatMap(([, list]) => list)
  const first = (version: number, type?: string): string =>
    addresses.find((one) => one.version === version && (type === undefined || one.type === type))?.addr ?? ''
  const fixed = first(4, 'fixed')
  const open = text(told['accessIPv4']) || first(4, 'floating') || fixed || first(4)
  const six = text(told['accessIPv6']) || first(6)
  const address = (isPrivate && fixed) || open || six
  const flavor = named(told['flavor'], from.flavors)
  const image = named(told['image'], from.images)
  const az = text(told['OS-EXT-AZ:availability_zone'])
  const facts: JsonObject = {
    ...told,
    id,
    name,
    flavor,
    image,
    metadata: objectOf(told['metadata']),
    az: az === '' ? null : az,
    region: from.region,
    cloud: from.cloud,
    networks: Object.fromEntries(nets.map(([net, list]) => [net, list.map(({ addr }) => addr)])),
    public_v4: open,
    private_v4: fixed,
    public_v6: six,
    interface_ip: address,
  }
  return {
    id,
    name,
    active: told['status'] === 'ACTIVE',
    address,
    facts,
    groups: groupsOf({ id, az, facts, flavor, image }, from),
  }
}

interface Grouped {
  readonly id: string
  readonly az: string
  readonly facts: JsonObject
  readonly flavor: JsonObject
  readonly image: JsonObject
}

/** The groups that the plugin of Ansible makes by itself (`legacy_groups`). */
function groupsOf({ id, az, facts, flavor, image }: Grouped, { cloud, region }: CloudServers): readonly string[] {
  const metadata = Object.entries(objectOf(facts['metadata'])).map(([key, value]) => [key, text(value)] as const)
  const named = metadata.flatMap(([key, value]) =>
    key === 'group' ? [value] : key === 'groups' ? value.split(',') : [],
  )
  const zone =
    az === '' ? [] : region === '' ? [az, `${cloud}_${az}`] : [az, `${region}_${az}`, `${cloud}_${region}_${az}`]
  const groups = [
    cloud,
    ...(region === '' ? [] : [region, `${cloud}_${region}`]),
    ...named.map((group) => group.trim()),
    `instance-${id}`,
    ...[text(flavor['id']), text(flavor['name'])].map((one) => one && `flavor-${one}`),
    ...[text(image['id']), text(image['name'])].map((one) => one && `image-${one}`),
    ...metadata.map(([key, value]) => `meta-${key}_${value}`),
    ...zone,
  ]
  return [...new Set(groups.filter((group) => group !== ''))]
}

/** A flavor or image with its name. Newer versions of the API give a flavor without an id, but with the name it had. */
function named(told: Json | undefined, names: ReadonlyMap<string, string>): JsonObject {
  const known = objectOf(told)
  const { links: _, ...rest } = known
  const name = names.get(text(known['id'])) ?? known['name'] ?? known['original_name']
  return name === undefined ? rest : { ...rest, name }
}

interface Address {
  readonly addr: string
  readonly version: number
  readonly type: string
}

/** An address without a type is one of nova-network's, and fixed. */
function addressesIn(list: Json | undefined): readonly Address[] {
  return (Array.isArray(list) ? (list as readonly JsonObject[]) : []).map((one) => ({
    addr: text(one['addr']),
    version: Number(one['version']),
    type: text(one['OS-EXT-IPS:type']) || 'fixed',
  }))
}

const text = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
