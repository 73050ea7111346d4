import { covers, editHosts, parseHostLine, type HostLine } from '../lib/known-hosts.ts'
import { bytesOf, latin1, observeText, textSteps, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse } from '../module.ts'

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIGCfVUJ6bGoBNKMVXLBRd7fLSGfWmqZbkZpsvxVU0PRR'

export default defineModule({
  name: 'known_hosts',
  summary: 'Keep the keys of hosts that ssh knows.',
  description:
    'A host is found in names and hashed names, in any case. It has one key of each type: another one of the same type is replaced where it stands. Lines of other hosts, patterns and comments stay as they are.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        aliases: ['host'],
        description: 'The host as ssh asks for it: a name, an address, or `[name]:port`.',
        since: '0.1.0',
      },
      key: {
        type: 'string',
        description:
          'Its public keys, as ssh-keyscan prints them: names, type and key on a line; the names may be left out. With `state: absent` and without it, all keys of the host go.',
        since: '0.1.0',
      },
      path: {
        type: 'string',
        format: 'path',
        default: '~/.ssh/known_hosts',
        description: 'The file.',
        since: '0.1.0',
      },
      hash_host: {
        type: 'boolean',
        default: false,
        description: 'Hides the name, so that the file does not tell which hosts are known.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether they should be known.',
        since: '0.1.0',
      },
    },
  },
  returns: { name: 'The host.', path: 'The file.', state: 'present or absent.' },
  examples: [
    {
      title: 'A key',
      task: `known_hosts:\n  name: git.example.org\n  path: /var/tmp/drover-known/hosts\n  key: git.example.org ssh-ed25519 ${KEY}`,
    },
    {
      title: 'With the name hidden, at a port',
      task: `known_hosts:\n  name: "[git.example.org]:2222"\n  path: /var/tmp/drover-known/hashed\n  hash_host: true\n  key: "[git.example.org]:2222 ssh-ed25519 ${KEY}"`,
    },
    {
      title: 'Not known any more',
      given: `copy: { dest: /var/tmp/drover-unknown, content: "old.example.org,192.0.2.7 ssh-ed25519 ${KEY}\\n" }`,
      task: 'known_hosts: { name: old.example.org, path: /var/tmp/drover-unknown, state: absent }',
    },
  ],
  observe: (host, { path }) => observeText(host, path),
  plan(args, file: TextFile) {
    const { name, state } = args
    const result = { name, path: file.file.path, state }
    if (!/^[\w.:[\]%-]+$/.test(name)) return refuse(`this can be no name of a host: ${JSON.stringify(name)}`, result)
    const keys = keysOf(args.key ?? '')
    if (typeof keys === 'string') return refuse(`no key of a host: ${JSON.stringify(keys)}`, result)
    if (keys.length === 0 && state === 'present') return refuse('state: present needs a key', result)
    const stranger = keys.find((key) => !covers(key, name))
    if (stranger !== undefined) return refuse(`the key is of ${stranger.hosts.join(', ')}, and not of ${name}`, result)
    const text = editHosts(latin1(file), { name, keys, state, hash: args.hash_host })
    if (file.file.before === null && text === '') return propose([], result)
    const own = args.path.startsWith('~')
    const steps = textSteps(file, {
      text,
      // As ssh itself makes them.
      ownership: own && file.file.stat === null ? { mode: '0600' } : {},
      directories: own ? { mode: '0700' } : {},
    })
    return 'problem' in steps ? refuse(steps.problem, result) : propose(steps, result)
  },
})

/** The keys in a text; the first line that is none. */
function keysOf(text: string): readonly HostLine[] | string {
  const keys: HostLine[] = []
  for (const line of text.split('\n').filter((each) => !/^\s*(?:#|$)/.test(each))) {
    const key = parseHostLine(bytesOf(line))
    if (key === null) return line
    keys.push(key)
  }
  return keys
}
