import { account, type Account } from '../facts/account.ts'
import { stat } from '../facts/stat.ts'
import { editKeys, parseKeyLine } from '../lib/authorized-keys.ts'
import { bytesOf, latin1, observeText, textSteps, type TextFile } from '../lib/text-edit.ts'
import { setOwnership } from '../lib/replace-file.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { FileStat } from '../facts/stat.ts'
import { posix } from 'node:path'

interface State {
  readonly user: Account | null
  readonly file: TextFile | null
  readonly directory: FileStat | null
}

export default defineModule({
  name: 'authorized_key',
  summary: "Keep ssh keys in a user's authorized_keys.",
  description:
    'A key is found again whatever its options and comment are. The directory and the file are made if they are missing, and belong to the user.',
  args: {
    type: 'object',
    required: ['user', 'key'],
    properties: {
      user: { type: 'string', description: 'Whose keys.', since: '0.1.0' },
      key: { type: 'string', description: 'The public keys, one on each line, as in a `.pub` file.', since: '0.1.0' },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether they should be there.',
        since: '0.1.0',
      },
      key_options: {
        type: 'string',
        description: 'Options in front of the keys, as authorized_keys(5) has them.',
        since: '0.1.0',
      },
      comment: { type: 'string', description: 'A comment in place of the one in `key`.', since: '0.1.0' },
      exclusive: { type: 'boolean', default: false, description: 'Removes all other keys.', since: '0.1.0' },
      path: {
        type: 'string',
        format: 'path',
        description: 'The file. By default `.ssh/authorized_keys` in the home directory.',
        since: '0.1.0',
      },
      manage_dir: {
        type: 'boolean',
        default: true,
        description: "Sets the directory's mode and owner too.",
        since: '0.1.0',
      },
      follow: {
        type: 'boolean',
        default: false,
        description: "For Ansible's sake: a link is always followed.",
        since: '0.1.0',
      },
    },
  },
  returns: { user: 'The user.', keyfile: 'The file.', state: 'present or absent.' },
  examples: [
    {
      title: 'A key',
      task: 'authorized_key:\n  user: root\n  path: /var/tmp/drover-keys/authorized_keys\n  key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGCfVUJ6bGoBNKMVXLBRd7fLSGfWmqZbkZpsvxVU0PRR ada@example.org',
    },
    {
      title: 'Only for one command',
      task: 'authorized_key:\n  user: root\n  path: /var/tmp/drover-keys/restricted\n  key_options: \'restrict,command="/usr/bin/rrsync /srv"\'\n  key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGCfVUJ6bGoBNKMVXLBRd7fLSGfWmqZbkZpsvxVU0PRR backup',
    },
  ],
  async observe(host, args): Promise<State> {
    const user = await host.get(account(args.user))
    const path = args.path ?? (user === null ? undefined : `${user.home}/.ssh/authorized_keys`)
    if (path === undefined) return { user, file: null, directory: null }
    const [file, directory] = await Promise.all([observeText(host, path), host.get(stat(posix.dirname(path)))])
    return { user, file, directory }
  },
  plan(args, { user, file, directory }) {
    const result = { user: args.user, state: args.state, ...(file === null ? {} : { keyfile: file.file.path }) }
    if (user === null || file === null) return refuse(`Failed to lookup user ${args.user}: there is none`, result)
    const lines = args.key.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line))
    const bad = lines.find((line) => parseKeyLine(line) === null)
    if (bad !== undefined || lines.length === 0) {
      const hint = /^https?:/.test(args.key) ? '; a url is not fetched: use the lookup url' : ''
      return refuse(`invalid key specified: ${bad ?? 'it is empty'}${hint}`, result)
    }
    const keys = lines.flatMap((line) => {
      const key = parseKeyLine(line)
      if (key === null) return []
      const options = args.key_options === undefined ? key.options : bytesOf(args.key_options)
      return [{ ...key, options, comment: bytesOf(args.comment ?? key.comment) }]
    })
    const text = editKeys(latin1(file), { keys, state: args.state, exclusive: args.exclusive })
    if (file.file.before === null && text === '') return propose([], result)
    const owned = {
      owner: String(user.uid < 0 ? user.name : user.uid),
      group: String(user.gid < 0 ? user.group : user.gid),
    }
    const steps = textSteps(file, {
      text,
      ownership: file.file.stat === null ? { mode: '0600', ...owned } : {},
      directories: args.manage_dir ? { mode: '0700', ...owned } : {},
    })
    if ('problem' in steps) return refuse(steps.problem, result)
    if (!args.manage_dir && file.way.missing.length > 0)
      return refuse(`the directory ${posix.dirname(file.file.path)} does not exist, and manage_dir is false`, result)
    const own =
      args.manage_dir && args.path === undefined && directory?.type === 'directory'
        ? setOwnership({
            path: posix.dirname(file.file.path),
            stat: directory,
            ownership: { mode: '0700', ...owned },
            creator: file.creator,
          })
        : null
    return propose(own === null ? steps : [own, ...steps], result)
  },
})
