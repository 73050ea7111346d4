import { FACT_PATH, hostFacts, type HostFacts } from '../facts/host-facts.ts'
import type { Infer, JsonObject } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'

const SUBSETS = ['min', 'hardware', 'network', 'virtual'] as const
type Subset = (typeof SUBSETS)[number]
/** Subsets of Ansible's that are parts of ours. */
const PARTS: { readonly [name: string]: Subset } = {
  distribution: 'min', platform: 'min', user: 'min', env: 'min', date_time: 'min', local: 'min', lsb: 'min', python: 'min', pkg_mgr: 'min',
  service_mgr: 'min', selinux: 'min', apparmor: 'min', caps: 'min', cmdline: 'min', fips: 'min', loadavg: 'min', ssh_pub_keys: 'min',
  chroot: 'min', is_chroot: 'min', processor: 'hardware', devices: 'hardware', mounts: 'hardware', dmi: 'hardware', interfaces: 'network',
  default_ipv4: 'network', dns: 'network', virtualization_type: 'virtual', virtualization_role: 'virtual', facter: 'min', ohai: 'min',
} // prettier-ignore

const ARGS = {
  type: 'object',
  properties: {
    gather_subset: {
      type: 'array',
      items: { type: 'string' },
      default: ['all'],
      description: 'all, min, hardware, network, virtual; with `!` in front, all but that.',
      since: '0.1.0',
    },
    filter: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Patterns as of the shell: only facts whose names fit one, with or without `ansible_` in front.',
      since: '0.1.0',
    },
    fact_path: {
      type: 'string',
      format: 'path',
      default: FACT_PATH,
      description: 'Where the host keeps facts of its own: `*.fact`, JSON or ini files, or programs that print them.',
      since: '0.1.0',
    },
    gather_timeout: {
      type: 'integer',
      default: 10,
      description: "For Ansible's sake: what may hang gets two seconds.",
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

export default defineModule({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'Read what there is to know about a host.',
  description: 'Reads everything in one round trip, without Python; names and values are those of Ansible.',
  args: ARGS,
  returns: { ansible_facts: 'The facts, by their names without `ansible_`.' },
  examples: [
    { title: 'Everything', task: 'setup: {}' },
    {
      title: 'Addresses only',
      task: 'setup: { gather_subset: [network], filter: [default_ipv4, all_ipv4_addresses] }',
    },
  ],
  observe: (host, args: Args) => host.get(hostFacts(args.fact_path)),
  plan(args, facts: HostFacts) {
    const chosen = subsets(args.gather_subset)
    if (typeof chosen === 'string') return refuse(`gather_subset: ${chosen} is not known: all, ${SUBSETS.join(', ')}`)
    const all: JsonObject = Object.assign({}, ...SUBSETS.filter((one) => chosen.has(one)).map((one) => facts[one]))
    const patterns = args.filter.filter((pattern) => pattern !== '' && pattern !== '*').map(shellPattern)
    const names = Object.keys(all).filter(
      (name) =>
        patterns.length === 0 || patterns.some((pattern) => pattern.test(name) || pattern.test(`ansible_${name}`)),
    )
    const shown = Object.fromEntries(names.toSorted().map((name) => [name, all[name] ?? null]))
    return propose([], { ansible_facts: { ...shown, gather_subset: [...args.gather_subset], module_setup: true } })
  },
})

/** The subsets that are asked for; an unknown name as it is. The least one is always read, unless it is taken away by name. */
function subsets(words: readonly string[]): ReadonlySet<Subset> | string {
  const subsetOf = (name: string): readonly Subset[] | null => {
    if (name === 'all') return SUBSETS
    const part = SUBSETS.find((one) => one === name) ?? PARTS[name]
    return part === undefined ? null : [part]
  }
  const unknown = words.find((word) => subsetOf(word.replace(/^!/, '')) === null)
  if (unknown !== undefined) return unknown
  const named = words.filter((word) => !word.startsWith('!')).flatMap((word) => subsetOf(word) ?? [])
  const chosen = new Set<Subset>(named.length > 0 || words.includes('!all') ? named : SUBSETS)
  for (const word of words.filter((one) => one.startsWith('!') && one !== '!all')) {
    const name = word.slice(1)
    // A part that is taken away takes nothing else of its subset with it.
    const subset = SUBSETS.find((one) => one === name)
    if (subset) chosen.delete(subset)
  }
  if (!words.includes('!min')) chosen.add('min')
  return chosen
}

/** fnmatch(3)'s `*`, `?` and `[…]`. */
function shellPattern(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^')
  return new RegExp(`^${source}$`)
}
