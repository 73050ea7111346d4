import { kernelParameter } from '../facts/kernel-parameter.ts'
import { stat } from '../facts/stat.ts'
import { normalValue, parameterPath, parametersIn, setParameter } from '../lib/sysctl-text.ts'
import { bytesOf, latin1, observeText, textSteps, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse, type HostState, type Infer, type Plan } from '../module.ts'
import { becomes, run, stale, type Effect, type Step } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      aliases: ['key'],
      description: 'The parameter: `net.ipv4.ip_forward`, or with slashes where a part of it has a dot.',
      since: '0.1.0',
    },
    value: { type: 'string', aliases: ['val'], description: 'Its value.', since: '0.1.0' },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether the file says it. What the kernel has stays as it is with `absent`.',
      since: '0.1.0',
    },
    reload: {
      type: 'boolean',
      default: true,
      description: 'Loads the file into the kernel when it was changed.',
      since: '0.1.0',
    },
    sysctl_file: {
      type: 'string',
      format: 'path',
      default: '/etc/sysctl.conf',
      description: 'The file. One of your own in /etc/sysctl.d is easier to take away again.',
      since: '0.1.0',
    },
    sysctl_set: {
      type: 'boolean',
      default: false,
      description: 'Sets it in the kernel where that has another value, whether or not the file was right.',
      since: '0.1.0',
    },
    ignoreerrors: {
      type: 'boolean',
      default: false,
      description: 'Goes on where the kernel does not have a parameter.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly file: TextFile
  /** What the kernel has; null where it does not say. */
  readonly running: string | null
  readonly known: boolean
}

export default defineModule({
  name: 'sysctl',
  summary: 'Set a parameter of the kernel, now and for the next boot.',
  description:
    'Values are the same where they differ in blanks only. The last line of the file that sets a parameter is kept up to date where it stands; others of the same parameter, which are not in force, are removed.',
  args: ARGS,
  returns: { name: 'The parameter.', value: 'Its value.' },
  examples: [
    { title: 'Forward packets', task: 'sysctl: { name: net.ipv4.ip_forward, value: "1", sysctl_set: true }' },
    {
      title: 'In a file of its own',
      task: 'sysctl:\n  name: net.ipv4.tcp_keepalive_time\n  value: 600\n  sysctl_file: /etc/sysctl.d/60-drover.conf',
    },
    {
      title: 'Gone',
      given: 'copy: { dest: /etc/sysctl.d/61-drover.conf, content: "vm.swappiness = 10\\n" }',
      task: 'sysctl: { name: vm.swappiness, state: absent, sysctl_file: /etc/sysctl.d/61-drover.conf }',
    },
  ],
  async observe(host: HostState, args: Args): Promise<State> {
    const path = parameterPath(args.name)
    const [file, running, at] = await Promise.all([
      observeText(host, args.sysctl_file),
      path === null ? null : host.get(kernelParameter(args.name)),
      path === null ? null : host.get(stat(`/proc/sys/${path}`)),
    ])
    return { file, running, known: at?.type === 'file' }
  },
  plan,
})

function plan(args: Args, { file, running, known }: State): Plan {
  const { name, state } = args
  if (parameterPath(name) === null) return refuse(`this can be no parameter of the kernel: ${JSON.stringify(name)}`)
  const value = valueOf(args.value ?? '')
  const result = state === 'absent' ? { name } : { name, value }
  if (state === 'present' && value === '')
    return refuse('value cannot be blank. To remove a parameter, use state: absent', result)
  if (/[\n\0]/.test(args.value?.trim() ?? '')) return refuse('value is one line', result)
  const before = latin1(file)
  const after = setParameter(before, name, state === 'absent' ? null : bytesOf(value))
  const text = file.file.before === null && after === '' ? [] : textSteps(file, { text: after })
  if ('problem' in text) return refuse(text.problem, result)
  const reloads = args.reload && text.length > 0
  const sets =
    state === 'present' && (args.sysctl_set || reloads) && (running === null || normalValue(running) !== value)
  if (sets && !known && !args.ignoreerrors)
    return refuse(
      `the kernel has no parameter ${name}: load the module that brings it first, or set ignoreerrors: true`,
      result,
    )
  const ignore = args.ignoreerrors ? ['-e'] : []
  // The kernel first: a value that it does not take is then not written for the next boot either.
  const setting: readonly Step[] =
    sets && known
      ? [
          {
            change: {
              subject: `kernel parameter ${name}`,
              verb: 'update',
              attributes: [{ name: 'value', before: running, after: value }],
            },
            actions: [run('sysctl', ...ignore, '-w', `${name}=${value}`)],
            effects: [becomes(kernelParameter(name), value)],
          },
        ]
      : []
  const reloading = reloads ? [run('sysctl', ...ignore, '-p', file.file.path)] : []
  const loaded: readonly Effect[] = reloads
    ? parametersIn(after)
        .filter((path) => path !== parameterPath(name))
        .map((path) => stale(kernelParameter(path)))
    : []
  const written = text.map((step, index) =>
    index < text.length - 1
      ? step
      : { ...step, actions: [...step.actions, ...reloading], effects: [...step.effects, ...loaded] },
  )
  return propose([...setting, ...written], result)
}

/** Yes and no are 1 and 0 to the kernel. */
function valueOf(written: string): string {
  const value = normalValue(written)
  if (/^(?:true|yes|on|y|t)$/i.test(value)) return '1'
  return /^(?:false|no|off|n|f)$/i.test(value) ? '0' : value
}
