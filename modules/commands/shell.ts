import { defineModule, propose, refuse } from '../module.ts'
import { guarded, observeGuards, type Guards } from '../lib/guards.ts'
import { hostPath } from '../lib/host-path.ts'
import { standardInput } from '../lib/invocation.ts'
import { notRun, runResult } from '../lib/run-result.ts'
import { anything, type RunAction } from '../step.ts'

interface State extends Guards {
  readonly chdir: string | undefined
}

export default defineModule({
  name: 'shell',
  summary: 'Run a text through a shell.',
  description:
    'The shell sees all that the text holds, values of variables included: pass those through the filter `quote`, or use `command`, which needs no quoting. ' +
    'A command always counts as a change, unless `creates` or `removes` says that there is nothing to do, or the task says `changed_when`.',
  opaque: true,
  args: {
    type: 'object',
    freeForm: 'cmd',
    required: ['cmd'],
    properties: {
      cmd: { type: 'string', description: 'The text for the shell.', since: '0.1.0' },
      executable: {
        type: 'string',
        format: 'path',
        default: '/bin/sh',
        description: 'The shell: it is run with `-c` and the text.',
        since: '0.1.0',
      },
      chdir: { type: 'string', format: 'path', description: 'The directory to run it in.', since: '0.1.0' },
      creates: {
        type: 'string',
        description: 'A path or shell pattern: if something matches, the text is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      removes: {
        type: 'string',
        description: 'A path or shell pattern: if nothing matches, the text is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      stdin: { type: 'string', description: 'What the shell finds on its standard input.', since: '0.1.0' },
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
    cmd: 'The text that was run.',
    rc: 'The exit status.',
    stdout: 'What was printed.',
    stdout_lines: '`stdout` as a list of lines.',
    stderr: 'What was printed to standard error.',
    stderr_lines: '`stderr` as a list of lines.',
    start: 'When it started (UTC, `2026-01-31 13:05:00.123000`).',
    end: 'When it ended.',
    delta: 'How long it took (`0:00:01.500000`).',
  },
  examples: [
    {
      title: 'A pipe',
      task: 'shell: uname -a | tr a-z A-Z > /var/tmp/drover-uname\nargs:\n  creates: /var/tmp/drover-uname',
    },
    { title: 'Only look', task: 'shell: grep -c processor /proc/cpuinfo || true\nchanged_when: false' },
  ],
  async observe(host, args): Promise<State> {
    const [guards, chdir] = await Promise.all([
      observeGuards(host, args),
      args.chdir === undefined ? undefined : hostPath(host, args.chdir),
    ])
    return { ...guards, chdir }
  },
  plan(args, state) {
    if (args.cmd.trim() === '') return refuse('no command given')
    if (args.cmd.includes('\0')) return refuse('the command holds a NUL byte, which no program can be given')
    const why = guarded(args, state)
    if (why !== null) return propose([], notRun(args.cmd, why))
    const stdin = standardInput(args)
    const action: RunAction = {
      do: 'run',
      argv: [args.executable, '-c', args.cmd],
      accept: 'any',
      ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
      ...(stdin === undefined ? {} : { stdin }),
    }
    return propose([{ change: { subject: args.cmd, verb: 'run' }, actions: [action], effects: [anything] }], {
      cmd: args.cmd,
    })
  },
  result(args, _state, [ran]) {
    return ran === undefined ? {} : runResult(args.cmd, ran, args.strip_empty_ends)
  },
})
