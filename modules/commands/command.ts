import { defineModule, propose, refuse } from '../module.ts'
import { guarded, observeGuards, type Guards } from '../lib/guards.ts'
import { hostPath } from '../lib/host-path.ts'
import { standardInput, words } from '../lib/invocation.ts'
import { commandLine } from '../lib/quote.ts'
import { notRun, runResult } from '../lib/run-result.ts'
import { anything, type RunAction } from '../step.ts'

interface State extends Guards {
  readonly chdir: string | undefined
}

export default defineModule({
  name: 'command',
  summary: 'Run a program.',
  description:
    'No shell sees the words: `$HOME`, `*`, `|`, `>` and `;` have no meaning. Where they are wanted, use `shell`. A command always counts as a change, ' +
    'unless `creates` or `removes` says that there is nothing to do, or the task says `changed_when`.',
  opaque: true,
  args: {
    type: 'object',
    freeForm: 'cmd',
    requiredOneOf: [['cmd', 'argv']],
    mutuallyExclusive: [['cmd', 'argv']],
    properties: {
      cmd: {
        type: 'string',
        description: 'The command as text, split into words at blanks; quotes and backslashes keep a word together.',
        since: '0.1.0',
      },
      argv: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'The command as a list of words, the program first.',
        since: '0.1.0',
      },
      chdir: { type: 'string', format: 'path', description: 'The directory to run it in.', since: '0.1.0' },
      creates: {
        type: 'string',
        description: 'A path or shell pattern: if something matches, the command is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      removes: {
        type: 'string',
        description: 'A path or shell pattern: if nothing matches, the command is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      stdin: { type: 'string', description: 'What the program finds on its standard input.', since: '0.1.0' },
      stdin_add_newline: { type: 'boolean', default: true, description: 'Adds a newline to `stdin`.', since: '0.1.0' },
      strip_empty_ends: {
        type: 'boolean',
        default: true,
        description: 'Takes newlines off the end of `stdout` and `stderr` in the result.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    cmd: 'The words that were run.',
    rc: 'The exit status.',
    stdout: 'What the program printed.',
    stdout_lines: '`stdout` as a list of lines.',
    stderr: 'What the program printed to standard error.',
    stderr_lines: '`stderr` as a list of lines.',
    start: 'When it started (UTC, `2026-01-31 13:05:00.123000`).',
    end: 'When it ended.',
    delta: 'How long it took (`0:00:01.500000`).',
  },
  examples: [
    { title: 'Make a database once', task: 'command: mkdir /var/tmp/drover-db\nargs:\n  creates: /var/tmp/drover-db' },
    {
      title: 'Words with blanks',
      task: "command:\n  argv: [touch, '/var/tmp/two words']\n  creates: /var/tmp/two words",
    },
    { title: 'Only look', task: 'command: uname -r\nchanged_when: false' },
  ],
  async observe(host, args): Promise<State> {
    const [guards, chdir] = await Promise.all([
      observeGuards(host, args),
      args.chdir === undefined ? undefined : hostPath(host, args.chdir),
    ])
    return { ...guards, chdir }
  },
  plan(args, state) {
    const split = args.argv === undefined ? words(args.cmd ?? '') : { words: args.argv }
    if ('problem' in split) return refuse(split.problem)
    const argv = split.words
    if (argv.length === 0 || argv[0] === '') return refuse('no command given')
    const nul = argv.find((word) => word.includes('\0'))
    if (nul !== undefined) return refuse('a word of the command holds a NUL byte, which no program can be given')
    const why = guarded(args, state)
    if (why !== null) return propose([], notRun(argv, why))
    const stdin = standardInput(args)
    const action: RunAction = {
      do: 'run',
      argv,
      accept: 'any',
      ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
      ...(stdin === undefined ? {} : { stdin }),
    }
    return propose([{ change: { subject: commandLine(argv), verb: 'run' }, actions: [action], effects: [anything] }], {
      cmd: argv,
    })
  },
  result(args, _state, [ran]) {
    const split = args.argv === undefined ? words(args.cmd ?? '') : { words: args.argv }
    return ran === undefined || 'problem' in split ? {} : runResult(split.words, ran, args.strip_empty_ends)
  },
})
