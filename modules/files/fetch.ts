import { posix } from 'node:path'
import { checksum } from '../facts/checksum.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { hostPath } from '../lib/host-path.ts'
import { defineModule, propose, refuse, type ControllerPlace, type HostState, type Infer } from '../module.ts'
import type { AttributeChange, FetchAction, FetchedFile } from '../step.ts'

interface State {
  readonly path: string
  /** What is at the path, links followed. */
  readonly stat: FileStat | null
  readonly sha256: string | null
  readonly place: ControllerPlace
}

const args = {
  type: 'object',
  required: ['src', 'dest'],
  properties: {
    src: { type: 'string', format: 'path', description: 'The file on the host; links are followed.', since: '0.1.0' },
    dest: {
      type: 'string',
      format: 'path',
      description:
        'A directory of the controller, in which the file gets the path `HOST/SRC`; with `flat`, the file itself. Relative to the playbook.',
      since: '0.1.0',
    },
    flat: {
      type: 'boolean',
      default: false,
      description:
        'Takes `dest` for the path of the file, or where it ends in `/` for the directory that holds it. Names must then differ from host to host.',
      since: '0.1.0',
    },
    fail_on_missing: {
      type: 'boolean',
      default: true,
      description: 'With false, a file that is not there is no failure.',
      since: '0.1.0',
    },
    validate_checksum: {
      type: 'boolean',
      default: true,
      description:
        'What arrives must be what the host had when it was looked at; with false, a file that is written to meanwhile is taken as it comes.',
      since: '0.1.0',
    },
  },
} as const

export default defineModule({
  name: 'fetch',
  summary: 'Fetch a file from a host.',
  description:
    'The opposite of `copy`. The file is streamed, whatever its size, and its checksum taken at both ends; on the controller it takes its place whole or not at all. ' +
    'A file that is there already is not fetched again.',
  args,
  returns: {
    dest: 'The file on the controller.',
    checksum: "The file's SHA-1; in check mode only where it is there already.",
    remote_checksum: 'The same, of the file on the host.',
    size: "The file's size in bytes.",
    file: 'The file on the host.',
  },
  examples: [
    {
      title: 'A file of each host, under the name of the host',
      task: 'fetch: { src: /etc/hostname, dest: fetched }\nregister: fetched',
    },
    {
      title: 'A log, if there is one',
      task: 'fetch: { src: /var/log/app.log, dest: "fetched/{{ inventory_hostname }}.log", flat: true, fail_on_missing: false }',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const path = await hostPath(host, args.src)
    const [found, sha256, place] = await Promise.all([
      reached(host, path),
      host.get(checksum(path)),
      controller.place(destination(args, path, controller.hostName)),
    ])
    return { path, stat: found, sha256, place }
  },
  plan(args, { path, stat: found, sha256, place }) {
    const file = { file: path }
    if (found === null) {
      const message = 'the remote file does not exist'
      return args.fail_on_missing
        ? refuse(`${message}: ${path}`, file)
        : propose([], { ...file, msg: `${message}, not transferring, ignored` })
    }
    if (found.type === 'directory')
      return refuse(`${path} is a directory: fetch cannot work on directories; archive one, and fetch that`, file)
    if (found.type !== 'file') return refuse(`${path} is a ${found.type}, not a file`, file)
    if (sha256 === null) return refuse(`${path} went while it was looked at`, file)
    const dest = { dest: place.path }
    if (place.kind === 'directory')
      return refuse(`${place.path} is a directory: with a slash at its end, the file would be put into it`, {
        ...file,
        ...dest,
      })
    if (place.kind === 'other')
      return refuse(`${place.path} on the controller is no regular file`, { ...file, ...dest })
    if (place.kind === 'file' && place.sha256 === sha256) return propose([], { ...file, ...dest, ...sums(place) })
    const action: FetchAction = {
      do: 'fetch',
      path,
      to: place.path,
      sha256: args.validate_checksum ? sha256 : null,
    }
    const before = place.kind === 'file' ? place : { size: null, sha256: null }
    const attributes: readonly AttributeChange[] = [
      { name: 'size', before: before.size, after: found.size },
      { name: 'sha256', before: before.sha256, after: sha256 },
    ]
    const change = {
      subject: `${place.path} on the controller`,
      verb: place.kind === 'file' ? 'update' : 'create',
      attributes: attributes.filter((attribute) => attribute.before !== attribute.after),
    } as const
    return propose([{ change, actions: [action], effects: [] }], { ...file, ...dest })
  },
  result(_args, _state, [fetched]) {
    if (fetched === undefined || fetched.status !== 0) return {}
    return sums(JSON.parse(fetched.stdout.toString()) as FetchedFile)
  },
})

const sums = ({ size, sha1 }: Pick<FetchedFile, 'size' | 'sha1'>) => ({ checksum: sha1, remote_checksum: sha1, size })

async function reached(host: HostState, path: string): Promise<FileStat | null> {
  const at = await host.get(stat(path))
  if (at?.type !== 'link') return at
  return typeof at.resolved === 'string' ? host.get(stat(at.resolved)) : null
}

/** Where on the controller the file goes: never out of the directory that `dest` names, unless `flat` says so. */
function destination({ dest, flat }: Infer<typeof args>, path: string, hostName: string): string {
  if (!flat) return posix.join(dest, hostName, posix.resolve('/', path))
  return dest.endsWith('/') ? `${dest}${posix.basename(path)}` : dest
}
