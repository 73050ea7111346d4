import { hostPath } from '../lib/host-path.ts'
import { PatternError, pythonRegex, searchIn } from '../lib/python-regex.ts'
import { posixRegex } from '../lib/posix-regex.ts'
import { ACTIVE_STATES, LATE, WAIT } from '../lib/wait-script.ts'
import { defineModule, outputText, propose, refuse } from '../module.ts'
import type { ScriptAction } from '../step.ts'

export default defineModule({
  name: 'wait_for',
  summary: 'Wait until a port or a file is as it should be.',
  description:
    'The host itself waits, with whatever it has to connect: bash, nc, python3, perl or curl; without any of them, only ports that the host listens on itself can be told. Without port and path, it waits for ' +
    '`timeout` seconds. It changes nothing; in check mode it does not wait.',
  args: {
    type: 'object',
    mutuallyExclusive: [['port', 'path']],
    properties: {
      port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'The TCP port.', since: '0.1.0' },
      host: {
        type: 'string',
        default: '127.0.0.1',
        description: 'The name or address to connect to, as seen from the host.',
        since: '0.1.0',
      },
      path: { type: 'string', format: 'path', description: 'A file that should be there, or not.', since: '0.1.0' },
      search_regex: {
        type: 'string',
        description:
          'A Python regular expression that a line of the file, or of what the port sends first, must match.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['started', 'stopped', 'present', 'absent', 'drained'],
        default: 'started',
        description:
          'started and present: the port takes connections, the file is there. stopped and absent: not any more. drained: the port has no connections.',
        since: '0.1.0',
      },
      timeout: { type: 'integer', minimum: 0, default: 300, description: 'Seconds to wait at most.', since: '0.1.0' },
      delay: { type: 'integer', minimum: 0, default: 0, description: 'Seconds before the first try.', since: '0.1.0' },
      sleep: { type: 'integer', minimum: 1, default: 1, description: 'Seconds between two tries.', since: '0.1.0' },
      connect_timeout: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description: 'Seconds that one try to connect may take.',
        since: '0.1.0',
      },
      active_connection_states: {
        type: 'array',
        items: { type: 'string', enum: ACTIVE_STATES },
        default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
        description: 'The states of connections that `drained` waits for the end of.',
        since: '0.1.0',
      },
      msg: { type: 'string', description: 'What to say if the time is over.', since: '0.1.0' },
    },
  },
  returns: {
    elapsed: 'Seconds waited.',
    match_groups: 'What the groups of `search_regex` matched.',
    match_groupdict: 'What its named groups matched.',
    port: 'The port.',
    path: 'The file.',
    state: 'The state that was waited for.',
  },
  examples: [
    { title: 'A service that answers', task: 'wait_for: { port: 22, timeout: 30 }' },
    { title: 'By what it says', task: 'wait_for: { port: 22, search_regex: OpenSSH, timeout: 30 }' },
    {
      title: 'A line in a file',
      given: 'copy: { dest: /var/tmp/drover-log, content: "ready: 3 nodes\\n" }',
      task: "wait_for: { path: /var/tmp/drover-log, search_regex: 'ready: (?P<nodes>\\d+)', timeout: 10 }",
    },
    { title: 'A port that is free', task: 'wait_for: { port: 3307, state: stopped, timeout: 10 }' },
  ],
  async observe(host, { path }) {
    return { path: path === undefined ? null : await hostPath(host, path) }
  },
  plan(args, { path }) {
    const { port, state, search_regex: regex } = args
    if (state === 'drained' && port === undefined)
      return refuse('state=drained should only be used for checking a port')
    if (regex !== undefined && port === undefined && path === null) return refuse('search_regex needs a port or a path')
    const grep = regex === undefined ? '' : posixRegex(regex)
    if (grep === null)
      return refuse(
        `search_regex: the host's grep cannot look for ${regex}; leave out look-around, back-references and shortest matches`,
      )
    try {
      if (regex !== undefined) pythonRegex(regex)
    } catch (error) {
      if (error instanceof PatternError) return refuse(error.message)
      throw error
    }
    const what = path !== null ? 'file' : port !== undefined ? 'port' : 'time'
    const numbers = [args.timeout, args.delay, args.sleep, args.connect_timeout]
    const states = args.active_connection_states.map((name) =>
      (ACTIVE_STATES.indexOf(name) + 1).toString(16).toUpperCase().padStart(2, '0'),
    )
    const words = [what, WANTED[state], path ?? args.host, port ?? '', grep, ...numbers, states.join(' ')].map(String)
    const action: ScriptAction = {
      do: 'sh',
      title: `wait for ${subjectOf(args)}`,
      script: WAIT,
      args: words,
      accept: 'any',
      timeout: args.delay + args.timeout + args.connect_timeout + SLACK,
    }
    return propose(
      [{ change: { subject: `wait for ${subjectOf(args)}`, verb: 'run' }, actions: [action], effects: [] }],
      { ...NOTHING, port: port ?? null, path, search_regex: regex ?? null, state },
    )
  },
  result(args, _, [ran]) {
    if (ran === undefined) return {}
    const elapsed = Math.round((ran.end - ran.start) / 1000)
    if (ran.status === LATE) {
      const what = args.search_regex === undefined ? '' : `search string ${args.search_regex} in `
      return { elapsed, failed: true, msg: args.msg ?? `Timeout when waiting for ${what}${subjectOf(args)}` }
    }
    if (ran.status !== 0) return { elapsed, failed: true, msg: outputText(ran.stderr) || 'waiting failed' }
    if (args.search_regex === undefined) return { elapsed }
    const found = searchIn(pythonRegex(args.search_regex, { multiLine: true }), outputText(ran.stdout))
    const groups = found?.slice(1).map((group: string | undefined) => group ?? null) ?? []
    return { elapsed, match_groups: groups, match_groupdict: { ...found?.groups } }
  },
})

/** Seconds for what a host takes beside waiting. */
const SLACK = 30

const WANTED = {
  started: 'present',
  present: 'present',
  stopped: 'absent',
  absent: 'absent',
  drained: 'drained',
} as const

const NOTHING = { changed: false, elapsed: 0, match_groups: [], match_groupdict: {} } as const

const subjectOf = (args: {
  readonly path?: string | undefined
  readonly host: string
  readonly port?: number | undefined
}): string => args.path ?? (args.port === undefined ? 'the time to pass' : `${args.host}:${args.port}`)
