import { posix } from 'node:path'
import { selinux, type Selinux } from '../facts/selinux.ts'
import { stat } from '../facts/stat.ts'
import { readFile, replaceFile, type FileBefore } from '../lib/replace-file.ts'
import { configValue } from '../lib/selinux-config.ts'
import { planMode } from '../lib/selinux-mode.ts'
import { defineModule, propose, refuse } from '../module.ts'

interface State {
  readonly now: Selinux
  readonly file: FileBefore
  /** Files are labelled anew at the next boot. */
  readonly relabels: boolean
}

export default defineModule({
  name: 'selinux',
  summary: "Keep SELinux's mode and policy, now and for the next boot.",
  description: `Four things decide, and each is returned: the mode that runs, the one in the configuration, the policy, and the kernel's command line, which
goes before the configuration. Where they cannot meet now, \`reboot_required\` is true: disabling makes SELinux permissive until the reboot, and from
disabled it takes a reboot at which all files are labelled anew.

With \`persistent: false\` only the running mode changes, as with setenforce(8). Another \`configfile\` than the host's own, of an image say, is only edited.`,
  args: {
    type: 'object',
    required: ['state'],
    properties: {
      state: {
        type: 'string',
        enum: ['enforcing', 'permissive', 'disabled'],
        description: 'The mode.',
        since: '0.1.0',
      },
      policy: { type: 'string', description: 'The policy, e.g. `targeted`; as it is where unset.', since: '0.1.0' },
      configfile: {
        type: 'string',
        format: 'path',
        default: '/etc/selinux/config',
        aliases: ['conf', 'file'],
        description: 'The configuration. The policies are beside it.',
        since: '0.1.0',
      },
      persistent: {
        type: 'boolean',
        default: true,
        description: 'Whether the mode is also that of the next boot.',
        since: '0.1.0',
      },
      update_kernel_param: {
        type: 'boolean',
        default: false,
        description: "Has grubby(8) set `selinux=0` on the kernel's command line, or take it away.",
        since: '0.1.0',
      },
      relabel: {
        type: 'boolean',
        default: true,
        description: 'Has files labelled anew at the boot that takes SELinux out of disabled.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    state: 'The mode that was asked for.',
    policy: 'The policy of the configuration.',
    running: 'The mode that runs, before the task.',
    configured: 'The mode of the configuration, before the task; null where there is none.',
    kernel_parameter: "What the kernel's command line says of SELinux.",
    reboot_required: 'Whether it takes a reboot.',
    configfile: 'The configuration.',
  },
  examples: [
    { title: 'Off from the next boot on, permissive until then', task: 'selinux: { state: disabled }' },
    {
      title: 'In an image that is being made',
      given: `- file: { path: /var/tmp/drover-image/selinux/targeted/policy, state: directory }
- copy: { dest: /var/tmp/drover-image/selinux/config, content: "SELINUX=disabled\\n", force: false }`,
      task: 'selinux: { state: enforcing, policy: targeted, configfile: /var/tmp/drover-image/selinux/config }',
    },
  ],
  async observe(host, args): Promise<State> {
    const [now, file, mark] = await Promise.all([
      host.get(selinux(posix.dirname(args.configfile))),
      readFile(host, args.configfile),
      host.get(stat('/.autorelabel')),
    ])
    return { now, file, relabels: mark !== null }
  },
  plan(args, { now, file, relabels }) {
    const text = file.before?.toString('utf8') ?? null
    const result = {
      state: args.state,
      policy: args.policy ?? (text === null ? null : configValue(text, 'SELINUXTYPE')),
      running: now.running,
      configured: text === null ? null : configValue(text, 'SELINUX'),
      kernel_parameter: now.kernel.join(' '),
      configfile: args.configfile,
      reboot_required: false,
    }
    const planned = planMode(args, { now, text, relabels })
    if (typeof planned === 'string') return refuse(planned, result)
    const { before, real, path, link } = file
    const step =
      planned.text === null || planned.text === text
        ? null
        : replaceFile({
            path: real,
            via: path,
            link,
            stat: file.stat,
            before,
            after: Buffer.from(planned.text),
            ownership: {},
          })
    return propose(
      step === null ? planned.steps : [step, ...planned.steps],
      { ...result, reboot_required: planned.rebootRequired },
      planned.warnings,
    )
  },
})
