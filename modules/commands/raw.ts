import { runResult } from '../lib/run-result.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { anything, type RunAction } from '../step.ts'

export default defineModule({
  name: 'raw',
  summary: 'Run a text through a shell, as it is.',
  description:
    'As `shell` is, for what playbooks say that were written for hosts without Python. It always counts as a change, unless the task says `changed_when`.',
  opaque: true,
  args: {
    type: 'object',
    freeForm: 'cmd',
    required: ['cmd'],
    properties: {
      cmd: { type: 'string', aliases: ['free_form'], description: 'The text for the shell.', since: '0.1.0' },
      executable: {
        type: 'string',
        format: 'path',
        default: '/bin/sh',
        description: 'The shell: it is run with `-c` and the text.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    rc: 'The exit status.',
    stdout: 'What was printed.',
    stdout_lines: '`stdout` as a list of lines.',
    stderr: 'What was printed to standard error.',
    stderr_lines: '`stderr` as a list of lines.',
  },
  examples: [
    { title: 'Only look', task: 'raw: cat /etc/os-release\nchanged_when: false' },
    {
      title: 'With another shell',
      task: 'raw: echo ${BASH_VERSION}\nargs: { executable: /bin/bash }\nchanged_when: false',
    },
  ],
  observe: () => Promise.resolve(null),
  plan({ cmd, executable }) {
    if (cmd.trim() === '') return refuse('no command given')
    if (cmd.includes('\0')) return refuse('the command holds a NUL byte, which no program can be given')
    const action: RunAction = { do: 'run', argv: [executable, '-c', cmd], accept: 'any' }
    return propose([{ change: { subject: cmd, verb: 'run' }, actions: [action], effects: [anything] }])
  },
  result({ cmd }, _, [ran]) {
    if (ran === undefined) return {}
    const { rc, stdout, stdout_lines, stderr, stderr_lines, msg, failed } = { ...RESULT, ...runResult(cmd, ran, false) }
    return { rc, stdout, stdout_lines, stderr, stderr_lines, msg, failed }
  },
})

/** What of a command's result Ansible's raw returns. */
const RESULT = { rc: 0, stdout: '', stdout_lines: [], stderr: '', stderr_lines: [], msg: '', failed: false }
