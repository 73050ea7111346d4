import { guarded, observeGuards, type Guards } from '../lib/guards.ts'
import { hostPath } from '../lib/host-path.ts'
import { words } from '../lib/invocation.ts'
import { commandLine } from '../lib/quote.ts'
import { notRun, runResult } from '../lib/run-result.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { anything, type ScriptAction } from '../step.ts'

interface State extends Guards {
  readonly chdir: string | undefined
  readonly bytes: Buffer | null
}

/* $1 which of the other words the script's path takes the place of. The script itself comes on standard input. */
const RUN = `
script=$(mktemp "\${TMPDIR:-/tmp}/drover-script.XXXXXX") || exit 1
trap 'rm -f "$script"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$script" && chmod 700 "$script" || exit 1
place=$1; shift
count=$# index=0
while [ $index -lt $count ]; do
  index=$((index + 1))
  word=$1; shift
  [ $index -ne $place ] || word=$script
  set -- "$@" "$word"
done
"$@" </dev/null
`

export default defineModule({
  name: 'script',
  summary: 'Run a script of the controller on a host.',
  description:
    'The script is sent along, run once with the arguments behind its name, and removed. Its first line says what runs it (`#!/bin/sh`), unless `executable` does. It always counts as a change, ' +
    'unless `creates` or `removes` says that there is nothing to do, or the task says `changed_when`.',
  opaque: true,
  args: {
    type: 'object',
    freeForm: 'cmd',
    required: ['cmd'],
    properties: {
      cmd: {
        type: 'string',
        aliases: ['free_form'],
        description: 'The script, absolute or looked up in `files/` beside the playbook or role, and its arguments.',
        since: '0.1.0',
      },
      executable: {
        type: 'string',
        description: 'What runs the script: a program, and words that come before the script.',
        since: '0.1.0',
      },
      chdir: { type: 'string', format: 'path', description: 'The directory to run it in.', since: '0.1.0' },
      creates: {
        type: 'string',
        description: 'A path or shell pattern: if something matches, the script is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      removes: {
        type: 'string',
        description: 'A path or shell pattern: if nothing matches, the script is not run. Relative to `chdir`.',
        since: '0.1.0',
      },
      decrypt: { type: 'boolean', default: true, description: "For Ansible's sake: accepted.", since: '0.1.0' },
    },
  },
  returns: {
    rc: 'The exit status.',
    stdout: 'What the script printed.',
    stdout_lines: '`stdout` as a list of lines.',
    stderr: 'What the script printed to standard error.',
    stderr_lines: '`stderr` as a list of lines.',
  },
  examples: [
    {
      title: 'Once',
      task: 'script: setup.sh --fast /var/tmp/drover-script\nargs:\n  creates: /var/tmp/drover-script',
    },
    {
      title: 'With a program',
      task: 'script: setup.sh --dry-run\nargs:\n  executable: /bin/sh -eu\nchanged_when: false',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const split = words(args.cmd)
    const name = 'problem' in split ? undefined : split.words[0]
    const [guards, chdir, file] = await Promise.all([
      observeGuards(host, { ...args, stdin_add_newline: false, strip_empty_ends: false }),
      args.chdir === undefined ? undefined : hostPath(host, args.chdir),
      name === undefined ? null : controller.file(name),
    ])
    return { ...guards, chdir, bytes: file?.kind === 'file' ? await file.read() : null }
  },
  plan(args, state) {
    const split = words(args.cmd)
    const program = words(args.executable ?? '')
    if ('problem' in split) return refuse(split.problem)
    if ('problem' in program) return refuse(program.problem)
    const [name, ...rest] = split.words
    if (name === undefined) return refuse('no script given')
    const why = guarded({ ...args, stdin_add_newline: false, strip_empty_ends: false }, state)
    if (why !== null) return propose([], notRun(args.cmd, why))
    if (state.bytes === null) return refuse(`Could not find or access '${name}' on the controller`)
    const action: ScriptAction = {
      do: 'sh',
      title: `run the script ${commandLine(split.words)}`,
      script: RUN,
      args: [String(program.words.length + 1), ...program.words, '', ...rest],
      stdin: state.bytes,
      accept: 'any',
      ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
    }
    return propose([
      { change: { subject: commandLine(split.words), verb: 'run' }, actions: [action], effects: [anything] },
    ])
  },
  result(args, _state, [ran]) {
    if (ran === undefined) return {}
    const { cmd: _cmd, start: _start, end: _end, delta: _delta, ...result } = runResult(args.cmd, ran, false)
    return result
  },
})
