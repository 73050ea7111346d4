import { aptPackages, rpmPackages, type InstalledPackage } from '../facts/package-list.ts'
import { packageManager } from '../facts/package-manager.ts'
import { defineModule, propose, refuse, type HostState, type JsonObject } from '../module.ts'

const KNOWN: { readonly [name: string]: 'apt' | 'rpm' } = {
  apt: 'apt',
  rpm: 'rpm',
  dnf: 'rpm',
  dnf5: 'rpm',
  yum: 'rpm',
  zypper: 'rpm',
}
const READ = { apt: aptPackages, rpm: rpmPackages } as const

export default defineModule({
  name: 'package_facts',
  summary: 'Read which packages a host has.',
  description: 'Of apt and rpm. Changes nothing.',
  args: {
    type: 'object',
    properties: {
      manager: {
        type: 'array',
        items: { type: 'string' },
        default: ['auto'],
        description: "Whose packages: apt, rpm, or auto for those of the host's own family first.",
        since: '0.1.0',
      },
      strategy: {
        type: 'string',
        enum: ['first', 'all'],
        default: 'first',
        description: 'first: those of the first manager that the host has. all: those of all.',
        since: '0.1.0',
      },
    },
  },
  returns: { ansible_facts: '`packages`: by its name, a list of what is installed of each package.' },
  examples: [
    { title: 'All packages', task: 'package_facts:' },
    { title: 'Of rpm', task: 'package_facts: { manager: rpm }' },
  ],
  async observe(host: HostState, args): Promise<readonly (readonly InstalledPackage[] | null)[]> {
    const auto = args.manager.includes('auto')
    const own: readonly ('apt' | 'rpm')[] =
      auto && (await host.get(packageManager())) === 'yum' ? ['rpm', 'apt'] : ['apt', 'rpm']
    const asked = args.manager.flatMap((name) => (name === 'auto' ? own : (KNOWN[name] ?? [])))
    return Promise.all([...new Set(asked)].map((name) => host.get<readonly InstalledPackage[] | null>(READ[name]())))
  },
  plan(args, lists) {
    const unknown = args.manager.find((name) => name !== 'auto' && KNOWN[name] === undefined)
    if (unknown !== undefined) return refuse(`manager: ${unknown} is not known: auto, apt or rpm`)
    const there = lists.filter((list) => list !== null)
    if (there.length === 0)
      return refuse(`Could not detect a supported package manager from the following list: ${args.manager.join(', ')}`)
    const packages = new Map<string, readonly JsonObject[]>()
    for (const one of (args.strategy === 'all' ? there : there.slice(0, 1)).flat())
      packages.set(one.name, [...(packages.get(one.name) ?? []), { ...one }])
    return propose([], { ansible_facts: { packages: Object.fromEntries(packages) } })
  },
})
