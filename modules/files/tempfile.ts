import { stat } from '../facts/stat.ts'
import { tree } from '../facts/tree.ts'
import { hostPath } from '../lib/host-path.ts'
import { defineModule, outputText, propose, refuse } from '../module.ts'
import { stale } from '../step.ts'

/* $1 directory, $2 prefix, $3 suffix, $4 what to make. A name is taken in one step, so that two runs cannot have the same. */
const MAKE = `
umask 077
[ -d "$1" ] || { echo "there is no directory $1" >&2; exit 1; }
for attempt in 1 2 3 4 5 6 7 8; do
  path=\${1%/}/$2$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n')$3
  if [ "$4" = directory ]; then mkdir "$path" 2>/dev/null; else (set -C; : >"$path") 2>/dev/null; fi &&
    { printf '%s\\n' "$path"; exit 0; }
done
echo "nothing can be made in $1" >&2
exit 1
`

export default defineModule({
  name: 'tempfile',
  summary: 'Make a temporary file or directory.',
  description:
    'Each run makes another one, which only the user can read, and which is not removed: let a later task do that, with `file: state=absent`.',
  opaque: true,
  args: {
    type: 'object',
    properties: {
      state: {
        type: 'string',
        enum: ['file', 'directory'],
        default: 'file',
        description: 'What to make.',
        since: '0.1.0',
      },
      path: {
        type: 'string',
        format: 'path',
        description: "The directory to make it in. By default the host's `TMPDIR`, or `/tmp`.",
        since: '0.1.0',
      },
      prefix: { type: 'string', default: 'ansible.', description: 'How its name starts.', since: '0.1.0' },
      suffix: { type: 'string', default: '', description: 'How its name ends.', since: '0.1.0' },
    },
  },
  returns: {
    path: 'The whole path of what was made.',
    state: 'file or directory.',
    mode: 'Its mode.',
  },
  examples: [
    { title: 'A file', task: 'tempfile: { suffix: .sql, prefix: dump. }\nregister: dump' },
    {
      title: 'A directory',
      given: 'file: { path: /var/tmp/drover-work, state: directory }',
      task: 'tempfile: { state: directory, path: /var/tmp/drover-work }',
    },
  ],
  async observe(host, args) {
    const path = args.path === undefined ? null : await hostPath(host, args.path)
    return { path, at: path === null ? null : await host.get(stat(path.replace(/(?<=.)\/+$/, ''))) }
  },
  plan({ state, prefix, suffix }, { path, at }) {
    if (/[/\0]/.test(prefix + suffix)) return refuse('prefix and suffix are parts of a name, and hold no slash')
    if (path !== null && at === null) return refuse(`there is no directory ${path}`)
    const directory = path ?? '${TMPDIR:-/tmp}'
    const script = path === null ? `set -- "\${TMPDIR:-/tmp}" "$2" "$3" "$4"${MAKE}` : MAKE
    return propose(
      [
        {
          change: {
            subject: `${directory}/${prefix}…${suffix}`,
            verb: 'create',
            attributes: [{ name: 'state', before: 'absent', after: state }],
          },
          actions: [
            { do: 'sh', title: `make a temporary ${state}`, script, args: [path ?? '', prefix, suffix, state] },
          ],
          effects: [stale(tree(path ?? '/tmp'))],
        },
      ],
      { state, mode: state === 'directory' ? '0700' : '0600' },
    )
  },
  result: (_, _state, [made]) => (made === undefined || made.status !== 0 ? {} : { path: outputText(made.stdout) }),
})
