import type { Json, JsonObject } from '../../../schema/infer.ts'
import { readHostEntry } from '../../inventory/host-name.ts'
import type { Variable } from '../../inventory/inventory.ts'
import { Malformed } from '../../inventory/malformed.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

const about: ReadonlySet<string> = new Set(['name', 'hostname', 'host', 'groups', 'group', 'groupname'])

/** Adds a host to the inventory of the run; arguments that are not its own are variables of the host. */
export const addHost: Statement = ({ args, context }) => {
  const written = args['name'] ?? args['hostname'] ?? args['host']
  if (typeof written !== 'string' || written === '') return Promise.resolve(ended('failed', 'add_host needs a name'))
  const entry = entryOf(written)
  if (typeof entry === 'string') return Promise.resolve(ended('failed', entry))
  const groups = namesOf(args['groups'] ?? args['group'] ?? args['groupname'])
  const given = Object.entries(args).filter(([name]) => !about.has(name))
  const port: [string, Json][] = entry.port === undefined ? [] : [['ansible_port', entry.port]]
  const vars = new Map([...port, ...given].map(([name, value]): [string, Variable] => [name, { value }]))
  const fresh = context.changeInventory({ host: entry.name, vars, groups })
  const result: JsonObject = { add_host: { host_name: entry.name, groups, host_vars: Object.fromEntries(given) } }
  return Promise.resolve(ended(fresh ? 'changed' : 'ok', null, result))
}

function entryOf(written: string): { readonly name: string; readonly port?: number | undefined } | string {
  try {
    const { names, port } = readHostEntry(written)
    const [name = written] = names
    return { name, port }
  } catch (error) {
    if (error instanceof Malformed) return error.message
    throw error
  }
}

/** As in Ansible: blanks in names become hyphens. */
const hyphened = (name: string): string => name.replaceAll(' ', '-')

/** Puts the host into a group that is named after what is known of it. */
export const groupBy: Statement = ({ args, host, context }) => {
  const { key } = args
  if (typeof key !== 'string' || key === '') return Promise.resolve(ended('failed', 'group_by needs a key'))
  const group = hyphened(key)
  const parents = args['parents'] === undefined ? ['all'] : namesOf(args['parents']).map(hyphened)
  const fresh = context.changeInventory({ host: host.name, groups: [group], parents })
  return Promise.resolve(ended(fresh ? 'changed' : 'ok', null, { add_group: group, parent_groups: parents }))
}

/** Names of groups, of a list or of a text with commas. */
function namesOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : []
  return list.map((name) => name.trim()).filter((name) => name !== '')
}
