import { packageManager, type PackageManager } from '../facts/package-manager.ts'
import { defineModule, refuse, type Controller, type HostState, type Infer, type Module } from '../module.ts'
import { checkArguments } from '../../schema/arguments.ts'
import type { JsonObject } from '../../schema/infer.ts'
import apt from './apt.ts'
import yum from './yum.ts'

const ARGS = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['pkg'],
      description: "The packages, as the host's package manager calls them.",
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest', 'installed', 'removed'],
      default: 'present',
      description: 'What should be: there, gone, newest.',
      since: '0.1.0',
    },
    use: {
      type: 'string',
      enum: ['auto', 'apt', 'yum', 'dnf', 'dnf5'],
      default: 'auto',
      description: 'The package manager; by default the one of the host.',
      since: '0.1.0',
    },
    update_cache: { type: 'boolean', description: 'Looks for new packages first.', since: '0.1.0' },
    autoremove: { type: 'boolean', description: 'Removes what only came along and is not needed.', since: '0.1.0' },
    lock_timeout: {
      type: 'integer',
      minimum: 0,
      description: 'Seconds to wait for another program that changes packages to end.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

/** The module of the host's package manager, with its arguments and what it found; null where the host has none that is known. */
type State = { readonly module: Module; readonly args: JsonObject; readonly state: unknown } | null

const MODULES: { readonly [manager in PackageManager]: Module | null } = { apt, yum, none: null }

export default defineModule({
  name: 'package',
  summary: "Install, upgrade and remove packages with the host's own package manager.",
  description: 'Does what `apt` or `yum` does, whichever the host has; the names of packages are not translated.',
  args: ARGS,
  returns: { stdout: 'What the package manager printed, where it tells.' },
  examples: [
    { title: 'Packages', task: 'package: { name: [socat, rsync] }' },
    { title: 'Gone', task: 'package: { name: telnet, state: absent }' },
  ],
  async observe(host: HostState, args: Args, controller: Controller): Promise<State> {
    const { use, ...own } = args
    const manager = use === 'auto' ? await host.get(packageManager()) : use === 'apt' ? 'apt' : 'yum'
    const module = MODULES[manager]
    if (module === null) return null
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as JsonObject
    const checked = checkArguments(module.args, given)
    if (!checked.ok) throw new Error(checked.faults.map(({ message }) => message).join('; '))
    return { module, args: checked.value, state: await module.observe(host, checked.value, controller) }
  },
  plan: (_, state) =>
    state === null ? refuse('this host has neither apt nor dnf nor yum') : state.module.plan(state.args, state.state),
  result: (_, state, performed) =>
    state === null ? {} : (state.module.result?.(state.args, state.state, performed) ?? {}),
})
