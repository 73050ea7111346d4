import { relabel, selinux, type Relabel, type Selinux } from '../facts/selinux.ts'
import { stat } from '../facts/stat.ts'
import { NO_SELINUX } from '../lib/selinux-absent.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { becomes, run } from '../step.ts'

interface State {
  readonly now: Selinux
  readonly there: boolean
  readonly changes: readonly Relabel[]
}

/** The most files that are named one by one. */
const MOST = 50

export default defineModule({
  name: 'selinux_restorecon',
  aliases: ['restorecon'],
  summary: 'Give files the SELinux contexts that they shall have.',
  description: `restorecon(8) is asked first what it would change, and acts only where that is something. ${NO_SELINUX} While SELinux is disabled files get
no contexts.`,
  args: {
    type: 'object',
    required: ['path'],
    properties: {
      path: { type: 'string', format: 'path', description: 'The file or directory.', since: '0.1.0' },
      recursive: { type: 'boolean', default: true, description: 'With all that is below it.', since: '0.1.0' },
      force: {
        type: 'boolean',
        default: false,
        description: 'Also user, role and level, and types that an administrator may choose.',
        since: '0.1.0',
      },
    },
  },
  returns: { path: 'The file or directory.', relabeled: 'The files whose contexts change, at most 50 of them.' },
  examples: [
    { title: 'All below a directory', task: 'selinux_restorecon: { path: /etc/ssh }' },
    { title: 'One file', task: 'restorecon: { path: /etc/fstab, recursive: false, force: true }' },
  ],
  async observe(host, { path, recursive, force }): Promise<State> {
    const [now, at] = await Promise.all([host.get(selinux()), host.get(stat(path))])
    const off = now.running === 'disabled'
    return { now, there: at !== null, changes: off ? [] : await host.get(relabel(path, { recursive, force })) }
  },
  plan({ path, recursive, force }, { now, there, changes }) {
    const result = { path, relabeled: changes.slice(0, MOST).map((one) => one.path) }
    if (now.running === 'disabled')
      return propose([], result, ['SELinux does not run on this host, so files get no contexts: nothing to do'])
    if (!there) return refuse(`${path} does not exist`, result)
    if (changes.length === 0) return propose([], result)
    const flags = [...(recursive ? ['-R'] : []), ...(force ? ['-F'] : [])]
    const more = changes.length - MOST
    return propose(
      [
        {
          change: {
            subject: `SELinux contexts of ${path}`,
            verb: 'update',
            attributes: [
              ...changes.slice(0, MOST).map((one) => ({ name: one.path, before: one.before, after: one.after })),
              ...(more > 0 ? [{ name: 'and more files', before: null, after: more }] : []),
            ],
          },
          actions: [run('restorecon', ...flags, '--', path)],
          effects: [becomes(relabel(path, { recursive, force }), [])],
        },
      ],
      result,
    )
  },
})
