import { selinux, type Selinux, type SelinuxMode } from '../facts/selinux.ts'
import { stat } from '../facts/stat.ts'
import type { Step } from '../step.ts'
import { becomes, run, stale } from '../step.ts'
import { predictedStat } from './ownership.ts'
import { configValue, withConfigValue } from './selinux-config.ts'

export interface ModeWish {
  readonly state: SelinuxMode
  readonly policy?: string | undefined
  readonly configfile: string
  readonly persistent: boolean
  readonly update_kernel_param: boolean
  readonly relabel: boolean
}
export interface ModeState {
  readonly now: Selinux
  /** The configuration; null where there is none. */
  readonly text: string | null
  readonly relabels: boolean
}
export interface PlannedMode {
  /** The configuration as it shall be; null for none. */
  readonly text: string | null
  /** What is done beside writing it. */
  readonly steps: readonly Step[]
  readonly rebootRequired: boolean
  readonly warnings: readonly string[]
}

const OWN = '/etc/selinux/config'

/** What makes a mode and a policy those of the host, or why they cannot be. */
export function planMode(wish: ModeWish, { now, text, relabels }: ModeState): PlannedMode | string {
  const { state } = wish
  const own = wish.configfile === OWN
  const off = now.running === 'disabled'
  if (text === null && (off || !own)) {
    if (state === 'disabled') return { text: null, steps: [], rebootRequired: false, warnings: [] }
    return own
      ? `this host has no SELinux, so it cannot be ${state}: install a policy first (selinux-policy-targeted, or selinux-basics and selinux-policy-default)`
      : `${wish.configfile} does not exist`
  }
  const policy = wish.policy ?? configValue(text ?? '', 'SELINUXTYPE')
  if (state !== 'disabled' && policy !== null && !now.policies.includes(policy))
    return `the policy ${policy} is not installed; there is ${now.policies.join(', ') || 'none'}`
  if (!wish.persistent) {
    if (wish.policy !== undefined) return 'a policy is loaded at boot: it needs persistent: true'
    if (state === 'disabled' ? !off : off)
      return `the running mode cannot go from ${now.running} to ${state} without a reboot: leave persistent: true`
    return { text, steps: now.running === state ? [] : [modeStep(now, state)], rebootRequired: false, warnings: [] }
  }
  const named = withConfigValue(text ?? '', 'SELINUX', state)
  const next = wish.policy === undefined ? named : withConfigValue(named, 'SELINUXTYPE', wish.policy)
  if (!own) return { text: next, steps: [], rebootRequired: false, warnings: [] }

  const steps: Step[] = []
  const running = off ? 'disabled' : state === 'disabled' ? 'permissive' : state
  // What is permissive already lets everything through until the reboot.
  if (running !== now.running) steps.push(modeStep(now, running))
  const command = commandLine(wish, now)
  if (typeof command === 'string') return command
  steps.push(...command.steps)
  if (off && state !== 'disabled' && wish.relabel && !relabels) steps.push(relabelStep())
  const changesPolicy = wish.policy !== undefined && wish.policy !== configValue(text ?? '', 'SELINUXTYPE')
  return {
    text: next,
    steps,
    rebootRequired: off !== (state === 'disabled') || (!off && changesPolicy),
    warnings: command.warnings,
  }
}

/** setenforce(8): only between enforcing and permissive. */
const modeStep = (now: Selinux, mode: SelinuxMode): Step => ({
  change: {
    subject: 'SELinux',
    verb: 'update',
    attributes: [{ name: 'running mode', before: now.running, after: mode }],
  },
  actions: [run('setenforce', mode === 'enforcing' ? '1' : '0')],
  effects: [becomes(selinux(), { ...now, running: mode })],
})

const relabelStep = (): Step => ({
  change: {
    subject: '/.autorelabel',
    verb: 'create',
    attributes: [{ name: 'files labelled anew at the next boot', before: false, after: true }],
  },
  actions: [{ do: 'write', path: '/.autorelabel', content: { kind: 'bytes', bytes: Buffer.alloc(0) }, mode: '0644' }],
  effects: [becomes(stat('/.autorelabel'), predictedStat('file', { mode: '0644' }))],
})

/** The kernel's command line goes before the configuration (selinux(8)). */
function commandLine(
  { state, update_kernel_param: update }: ModeWish,
  now: Selinux,
): { readonly steps: readonly Step[]; readonly warnings: readonly string[] } | string {
  const words = now.grubby ? now.nextKernel : now.kernel
  const disables = words.includes('selinux=0')
  if (update) {
    if (disables === (state === 'disabled')) return { steps: [], warnings: [] }
    if (!now.grubby)
      return "update_kernel_param needs grubby, which this host does not have: edit its boot loader's configuration"
    const nextKernel = disables
      ? now.nextKernel.filter((word) => word !== 'selinux=0')
      : [...now.nextKernel, 'selinux=0']
    const flag = disables ? '--remove-args' : '--args'
    const step: Step = {
      change: {
        subject: "the kernel's command line",
        verb: 'update',
        attributes: [{ name: 'SELinux', before: now.nextKernel.join(' '), after: nextKernel.join(' ') }],
      },
      actions: [run('grubby', '--update-kernel=ALL', `${flag}=selinux=0`)],
      effects: [stale(selinux())],
    }
    return { steps: [step], warnings: [] }
  }
  const enforced = words.find((word) => word.startsWith('enforcing='))
  if (state !== 'disabled' && disables)
    return {
      steps: [],
      warnings: [
        "selinux=0 on the kernel's command line keeps SELinux disabled: update_kernel_param: true takes it away",
      ],
    }
  if (state !== 'disabled' && enforced !== undefined && enforced !== `enforcing=${state === 'enforcing' ? 1 : 0}`)
    return {
      steps: [],
      warnings: [
        `${enforced} on the kernel's command line goes before the configuration at the next boot: take it away`,
      ],
    }
  return { steps: [], warnings: [] }
}
