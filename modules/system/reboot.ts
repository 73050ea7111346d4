import { boot } from '../facts/boot.ts'
import { stat } from '../facts/stat.ts'
import { words } from '../lib/invocation.ts'
import { defineModule, propose, refuse, type HostState, type Infer } from '../module.ts'
import { anything, type HostAction } from '../step.ts'

const seconds = (description: string, otherwise: number) =>
  ({ type: 'integer', minimum: 0, default: otherwise, description, since: '0.1.0' }) as const

const ARGS = {
  type: 'object',
  properties: {
    reboot_timeout: seconds('Seconds for going down, coming back and passing the test, all together.', 600),
    connect_timeout: seconds('Seconds for each try to connect; 5 where it is 0.', 5),
    pre_reboot_delay: seconds('Seconds before it goes down.', 0),
    post_reboot_delay: seconds('Seconds between its coming back and the test.', 0),
    test_command: {
      type: 'string',
      default: 'whoami',
      description: 'A command that must succeed before the task is done. No shell sees it.',
      since: '0.1.0',
    },
    msg: {
      type: 'string',
      default: 'Reboot initiated by drover',
      description: 'What users who are logged in are told.',
      since: '0.1.0',
    },
    search_paths: {
      type: 'array',
      items: { type: 'string' },
      default: ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
      description: 'Directories in which `shutdown` is looked for.',
      since: '0.1.0',
    },
    boot_time_command: {
      type: 'string',
      description: 'A command that prints something else after each boot. By default the kernel is asked.',
      since: '0.1.0',
    },
    reboot_command: {
      type: 'string',
      description: 'A command that reboots the host, in place of shutdown. No shell sees it.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly boot: string
  /** Programs that are in the search paths. */
  readonly programs: readonly string[]
}

/* $1 seconds; then the command. */
const REBOOT = `
sleep "$1" || exit 1
shift
exec "$@"
`

export default defineModule({
  name: 'reboot',
  summary: 'Reboot a host, and wait until it is back.',
  description:
    'It is back once it answers over a new connection, says that it has booted, and `test_command` succeeds. What was known of the host is read anew. The machine that drover runs on is refused.',
  args: ARGS,
  returns: { rebooted: 'Whether it did.', elapsed: 'Seconds that it took.' },
  examples: [
    { title: 'Now', needs: 'a host of its own', task: 'reboot:' },
    {
      title: 'Only where it has to be',
      needs: 'a host of its own',
      task: 'reboot: { reboot_timeout: 900, post_reboot_delay: 5, test_command: systemctl is-system-running }\nwhen: kernel is changed',
    },
  ],
  async observe(host: HostState, args: Args): Promise<State> {
    const command = words(args.boot_time_command ?? '')
    const paths = args.search_paths.flatMap((path) =>
      namesOf(args).map((name) => `${path.replace(/\/+$/, '')}/${name}`),
    )
    const [id, stats] = await Promise.all([
      host.get(boot('words' in command ? command.words : [])),
      Promise.all(paths.map((path) => host.get(stat(path)))),
    ])
    return {
      boot: id,
      programs: paths.filter((_, index) => stats[index] !== null && stats[index]?.type !== 'directory'),
    }
  },
  plan(args, state) {
    const texts = [args.boot_time_command ?? '', args.test_command, args.reboot_command ?? ''].map(words)
    const bad = texts.find((each) => 'problem' in each)
    if (bad !== undefined && 'problem' in bad) return refuse(bad.problem)
    const [bootWords = [], testWords = []] = texts.map((each) => ('words' in each ? each.words : []))
    const argv = commandOf(args, state)
    if (argv === null)
      return refuse(`Unable to find command "shutdown" in search paths: ${args.search_paths.join(', ')}`, {
        rebooted: false,
      })
    const test: readonly HostAction[] = testWords.length === 0 ? [] : [{ do: 'run', argv: testWords }]
    return propose(
      [
        {
          change: { subject: 'host', verb: 'run', attributes: [{ name: 'booted', before: 'earlier', after: 'anew' }] },
          actions: [
            {
              do: 'sh',
              title: 'reboot the host',
              script: REBOOT,
              args: [String(args.pre_reboot_delay), ...argv],
              timeout: args.pre_reboot_delay + args.reboot_timeout,
            },
          ],
          effects: [anything],
          reach: {
            title: 'wait for the host to come back',
            delay: 1,
            timeout: args.pre_reboot_delay + args.reboot_timeout,
            sleep: 1,
            connectTimeout: args.connect_timeout || 5,
            unlike: { fact: boot(bootWords), value: state.boot },
            settle: args.post_reboot_delay,
            test,
          },
        },
      ],
      { rebooted: true, elapsed: 0 },
    )
  },
  result(_, __, performed) {
    const [left, reached] = performed
    const rebooted = reached?.status === 0
    return { rebooted, elapsed: Math.round(((reached?.end ?? 0) - (left?.start ?? 0)) / 1000) }
  },
})

/** Programs that may reboot a host, the best first. */
const namesOf = ({ reboot_command: command }: Args): readonly string[] => {
  const given = words(command ?? '')
  const [first] = 'words' in given ? given.words : []
  return first === undefined ? ['shutdown', 'systemctl', 'reboot'] : first.includes('/') ? [] : [first]
}

/** The words that reboot the host; null where it has no program for that. */
function commandOf(args: Args, { programs }: State): readonly string[] | null {
  const program = (name: string): string | undefined => programs.find((path) => path.endsWith(`/${name}`))
  const given = words(args.reboot_command ?? '')
  const [first, ...rest] = 'words' in given ? given.words : []
  if (first !== undefined) return [program(first) ?? first, ...rest]
  const shutdown = program('shutdown')
  if (shutdown !== undefined) return [shutdown, '-r', 'now', args.msg]
  const systemctl = program('systemctl')
  if (systemctl !== undefined) return [systemctl, 'reboot']
  const reboot = program('reboot')
  return reboot === undefined ? null : [reboot]
}
