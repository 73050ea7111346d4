import type { Context } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { keysOf, valueOf } from '../values/mapping.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail, isMapping } from '../values/types.ts'
import type { Lookup } from './call.ts'

/** The groups and their hosts, as the variable `groups` has them. */
function groupsOf(context: Context): ReadonlyMap<string, readonly string[]> {
  const groups = context.scope.get('groups')
  if (!isMapping(groups)) return new Map()
  return new Map(keysOf(groups).map((name) => [str(name), iterate(valueOf(groups, name)).map((host) => str(host))]))
}

function globMatcher(pattern: string): (name: string) => boolean {
  if (pattern.startsWith('~')) return (name) => new RegExp(`^(?:${pattern.slice(1)})`).test(name)
  const source = pattern
    .replace(/[\\^$.+(){}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^')
  const regex = new RegExp(`^(?:${source})$`)
  return (name) => regex.test(name)
}

/** The hosts of a pattern: names and groups with wildcards, `:` or `,` between them, `&` and `!` before them. */
function hostsOf(pattern: string, groups: ReadonlyMap<string, readonly string[]>): string[] {
  const parts = pattern
    .split(/[,:]/)
    .map((part) => part.trim())
    .filter(Boolean)
  const all = [...new Set([...(groups.get('all') ?? []), ...[...groups.values()].flat()])]
  const of = (part: string): string[] => {
    const matches = part === 'all' ? () => true : globMatcher(part)
    const inGroups = [...groups].filter(([name]) => matches(name)).flatMap(([, hosts]) => hosts)
    return [...new Set([...inGroups, ...all.filter(matches)])]
  }
  const plain = parts.filter((part) => !/^[!&]/.test(part))
  let found = plain.length === 0 ? all : [...new Set(plain.flatMap(of))]
  for (const part of parts.filter((one) => one.startsWith('&')))
    found = found.filter((host) => of(part.slice(1)).includes(host))
  for (const part of parts.filter((one) => one.startsWith('!')))
    found = found.filter((host) => !of(part.slice(1)).includes(host))
  return found
}

/** Settings that have a variable, by the name that `ansible-config` gives them. */
const settings: ReadonlyMap<string, readonly [variable: string | null, fallback: unknown]> = new Map<
  string,
  readonly [string | null, unknown]
>([
  ['DEFAULT_FORKS', ['ansible_forks', 5]],
  ['DEFAULT_BECOME', ['ansible_become', false]],
  ['DEFAULT_BECOME_USER', ['ansible_become_user', 'root']],
  ['DEFAULT_BECOME_METHOD', ['ansible_become_method', 'sudo']],
  ['DEFAULT_REMOTE_USER', ['ansible_user', null]],
  ['REMOTE_USER', ['ansible_user', null]],
  ['DEFAULT_REMOTE_PORT', ['ansible_port', null]],
  ['DEFAULT_TIMEOUT', ['ansible_timeout', 10]],
  ['DEFAULT_TRANSPORT', ['ansible_connection', 'ssh']],
  ['HOST_KEY_CHECKING', ['ansible_host_key_checking', true]],
  ['DEFAULT_GATHERING', [null, 'implicit']],
  ['DEFAULT_HASH_BEHAVIOUR', [null, 'replace']],
  ['DEFAULT_MANAGED_STR', [null, 'Ansible managed']],
  ['DEFAULT_STRATEGY', [null, 'linear']],
])

export const runLookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  [
    'inventory_hostnames',
    (context, terms) => {
      const groups = groupsOf(context)
      return terms.flatMap((term) =>
        hostsOf(
          iterate(typeof term === 'string' ? [term] : term)
            .map((part) => str(part))
            .join(','),
          groups,
        ),
      )
    },
  ],
  [
    'config',
    (context, terms, options) =>
      terms.flatMap((term) => {
        const setting = settings.get(str(term))
        if (setting) {
          const [variable, fallback] = setting
          return [(variable === null ? undefined : context.scope.get(variable)) ?? fallback]
        }
        if (truthy(options.get('on_missing') === 'skip' || options.get('on_missing') === 'warn')) return []
        return fail(`there is no setting '${str(term)}'`, `drover knows ${[...settings.keys()].join(', ')}`)
      }),
  ],
])
