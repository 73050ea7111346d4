import { crontab } from '../facts/crontab.ts'
import { ensureJob, ensureVariable, namesIn, removeJob, removeVariable, SPECIAL_TIMES } from '../lib/cron-text.ts'
import { BACKUP } from '../lib/ownership-args.ts'
import { backupOf, bytesOf, latin1, observeText, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, outputText, propose, refuse, type Infer } from '../module.ts'
import { becomes, type ScriptAction, type Step } from '../step.ts'

const time = (what: string, ...aliases: readonly string[]) =>
  ({ type: 'string', default: '*', aliases, description: `${what}, as crontab(5) writes it.`, since: '0.1.0' }) as const

const ARGS = {
  type: 'object',
  required: ['name'],
  mutuallyExclusive: [['insertafter', 'insertbefore']],
  properties: {
    name: {
      type: 'string',
      description: 'What the job is called: a comment above it, by which it is found. With `env`, the variable.',
      since: '0.1.0',
    },
    job: {
      type: 'string',
      aliases: ['value'],
      description: 'The command, on one line. With `env`, the value.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it should be there.',
      since: '0.1.0',
    },
    minute: time('The minutes'),
    hour: time('The hours'),
    day: time('The days of the month', 'dom'),
    month: time('The months'),
    weekday: time('The days of the week', 'dow'),
    special_time: {
      type: 'string',
      enum: SPECIAL_TIMES,
      description: "One of cron's words in place of the times.",
      since: '0.1.0',
    },
    disabled: { type: 'boolean', default: false, description: 'Comments the job out.', since: '0.1.0' },
    user: {
      type: 'string',
      description:
        'Whose crontab; with `cron_file`, who runs the job. By default the user that the task runs as, or root.',
      since: '0.1.0',
    },
    cron_file: {
      type: 'string',
      description: 'A file in `/etc/cron.d`, or an absolute path, in place of a crontab.',
      since: '0.1.0',
    },
    env: { type: 'boolean', default: false, description: 'Sets a variable and not a job.', since: '0.1.0' },
    insertafter: {
      type: 'string',
      description: 'With `env`: the variable after which a new one goes.',
      since: '0.1.0',
    },
    insertbefore: {
      type: 'string',
      description: 'With `env`: the variable before which a new one goes.',
      since: '0.1.0',
    },
    backup: BACKUP,
  },
} as const
type Args = Infer<typeof ARGS>

type State = { readonly file: TextFile } | { readonly crontab: string }

/* $1 whose crontab, or nothing; $2 whether to keep the old one. The new one comes on standard input, and crontab checks it. */
const INSTALL = `
if [ "$2" = backup ]; then
  kept=$(mktemp "\${TMPDIR:-/tmp}/crontab.XXXXXX") && { crontab -l \${1:+-u "$1"} >"$kept" 2>/dev/null || :; } && printf '%s\\n' "$kept" || exit 1
fi
exec crontab \${1:+-u "$1"} -
`

export default defineModule({
  name: 'cron',
  summary: 'Keep a job or a variable of a crontab.',
  description: 'A job is found again by the comment `#Ansible: NAME` above it. Other lines stay as they are.',
  args: ARGS,
  returns: {
    jobs: 'The names of all jobs.',
    envs: 'The names of all variables.',
    cron_file: 'The file.',
    backup_file: 'Where the old crontab was kept.',
  },
  examples: [
    { title: 'A job of root', task: 'cron: { name: rotate certificates, minute: "5", hour: "2", job: /bin/true }' },
    {
      title: 'A file of its own',
      task: 'cron: { name: drover sync, special_time: hourly, job: /bin/true, user: root, cron_file: drover-sync }',
    },
    {
      title: 'A variable',
      task: 'cron: { name: MAILTO, env: true, job: ops@example.org, user: root, cron_file: drover-sync }',
    },
    { title: 'Gone', task: 'cron: { name: rotate certificates, state: absent }' },
  ],
  async observe(host, args): Promise<State> {
    const { cron_file: file } = args
    if (file !== undefined)
      return { file: await observeText(host, file.startsWith('/') ? file : `/etc/cron.d/${file}`) }
    return { crontab: await host.get(crontab(args.user ?? '')) }
  },
  plan(args, state) {
    const old = 'file' in state ? latin1(state.file) : state.crontab
    const wrong = problem(args)
    if (wrong !== null) return refuse(wrong)
    const made = edited(old, args)
    if (typeof made !== 'string') return refuse(made.problem)
    const result = { ...namesIn(made), ...(args.cron_file === undefined ? {} : { cron_file: args.cron_file }) }
    if ('file' in state) {
      if (state.file.file.before === null && made === '') return propose([], result)
      return planText(
        state.file,
        { text: made, backup: args.backup, ...(state.file.file.stat === null ? { ownership: { mode: '0644' } } : {}) },
        result,
      )
    }
    return propose(made === old ? [] : [install(args, old, made)], result)
  },
  result(args, state, performed) {
    const kept =
      'file' in state
        ? backupOf(state.file, performed)
        : args.backup && performed[0] !== undefined
          ? outputText(performed[0].stdout)
          : null
    return kept === null || kept === '' ? {} : { backup_file: kept }
  },
})

function problem(args: Args): string | null {
  const times = [args.minute, args.hour, args.day, args.month, args.weekday]
  if (/\n/.test(args.name)) return 'name is one line'
  if (args.state === 'absent') return null
  if (args.job === undefined) return "You must specify 'job' to install a new cron job or variable"
  if (/[\r\n]/.test(args.job.replace(/\n$/, ''))) return 'job should not contain line breaks'
  if (args.special_time !== undefined && times.some((each) => each !== '*'))
    return 'You must specify time and date fields or special time.'
  if (args.env && !/^\w+$/.test(args.name)) return `this can be no name of a variable: ${args.name}`
  if (args.cron_file !== undefined && !args.env && args.user === undefined)
    return 'To use cron_file=... parameter you must specify user=... as well'
  const bad = times.find((each) => !/^\S+$/.test(each))
  return bad === undefined ? null : `this is no time of cron: ${JSON.stringify(bad)}`
}

function edited(old: string, args: Args): string | { readonly problem: string } {
  const bytes = args.cron_file === undefined ? (text: string) => text : bytesOf
  const name = bytes(args.name)
  if (args.state === 'absent') return args.env ? removeVariable(old, name) : removeJob(old, name)
  const job = bytes((args.job ?? '').replace(/\n$/, ''))
  if (args.env)
    return ensureVariable(old, { name, value: job, insertafter: args.insertafter, insertbefore: args.insertbefore })
  const times =
    args.special_time === undefined
      ? [args.minute, args.hour, args.day, args.month, args.weekday]
      : [`@${args.special_time}`]
  const words = [...times, ...(args.cron_file === undefined ? [] : [args.user ?? 'root']), job]
  return ensureJob(old, { name, line: `${args.disabled ? '#' : ''}${words.join(' ')}` })
}

function install(args: Args, old: string, made: string): Step {
  const user = args.user ?? ''
  const action: ScriptAction = {
    do: 'sh',
    title: `install the crontab of ${user || 'the user'}`,
    script: INSTALL,
    args: [user, args.backup ? 'backup' : ''],
    stdin: Buffer.from(made),
  }
  return {
    change: {
      subject: `crontab${user === '' ? '' : ` of ${user}`}`,
      verb: old === '' ? 'create' : 'update',
      text: { before: old, after: made },
    },
    actions: [action],
    effects: [becomes(crontab(user), made)],
  }
}
