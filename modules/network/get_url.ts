import { creator, type Creator } from '../facts/creator.ts'
import { digest } from '../facts/digest.ts'
import type { FileStat } from '../facts/stat.ts'
import { checksum } from '../facts/checksum.ts'
import { webAnswer, webDigest, withoutLogin } from '../facts/web.ts'
import { DOWNLOAD_SCRIPT, parseDownload } from '../lib/download-script.ts'
import { downloadPlace } from '../lib/download-place.ts'
import { statResult } from '../lib/file-effects.ts'
import { hostPath } from '../lib/host-path.ts'
import { predictedStat, withOwnership } from '../lib/ownership.ts'
import { BACKUP, ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { setOwnership } from '../lib/replace-file.ts'
import { headersOf, webArgs } from '../lib/web-args.ts'
import type { NoWebAnswer } from '../lib/web-answer.ts'
import { checksumIn, parseChecksum } from '../lib/web-checksum.ts'
import { curlConfig, requestProblem, type WebRequest } from '../lib/web-request.ts'
import { content } from '../facts/content.ts'
import { stat } from '../facts/stat.ts'
import { defineModule, propose, refuse, type HostState, type Infer } from '../module.ts'
import { becomes, stale, type ScriptAction, type Step } from '../step.ts'

const args = {
  type: 'object',
  required: ['url', 'dest'],
  properties: {
    url: { type: 'string', description: 'What is downloaded: http, https, ftp or file.', since: '0.1.0' },
    dest: {
      type: 'string',
      format: 'path',
      description: 'The file, or a directory in which it gets the name that the url or the server gives it.',
      since: '0.1.0',
    },
    checksum: {
      type: 'string',
      default: '',
      description:
        'What the file must be: `sha256:DIGEST`, or `sha256:URL` of a file of checksums. A file that is so already is not downloaded.',
      since: '0.1.0',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Downloads also where the file is there, and replaces it where it differs.',
      since: '0.1.0',
    },
    headers: { type: 'object', default: {}, description: 'Headers by name.', since: '0.1.0' },
    timeout: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description: 'Seconds to wait for the connection, and without any progress.',
      since: '0.1.0',
    },
    tmp_dest: {
      type: 'string',
      format: 'path',
      description:
        'A directory to download into, in place of that of the file, which is replaced in one go all the same.',
      since: '0.1.0',
    },
    decompress: {
      type: 'boolean',
      default: true,
      description: 'Takes the server to compress what it sends, and decompresses it.',
      since: '0.1.0',
    },
    backup: BACKUP,
    ...webArgs,
    ...ownershipArgs,
  },
} as const
type Args = Infer<typeof args>

interface Looked {
  readonly problem: null
  readonly dest: string
  readonly stat: FileStat | null
  readonly creator: Creator
  readonly request: WebRequest
  readonly wanted: { readonly algorithm: string; readonly digest: string } | null
  /** Whether there is something to download, and what is known of it. */
  readonly download: { readonly size: number | null; readonly sha256: string | null } | null
}
type State = Looked | { readonly problem: string; readonly dest: string }

export default defineModule({
  name: 'get_url',
  summary: 'Download a file to a host.',
  description:
    'The host itself downloads, with curl or, where nothing secret is asked for, with wget. The file is replaced whole or not at all. A file that is there is left alone, unless `force` is set or it has not the ' +
    '`checksum`. What a check says is true: whether the url can be had is asked (HEAD), and with `force` what it holds is compared, which means downloading it to nowhere first.',
  args,
  returns: {
    dest: 'The file.',
    url: 'What was downloaded.',
    status_code: 'The status of the answer.',
    msg: 'What came of it.',
    checksum_src: 'The SHA-1 of what was downloaded.',
    checksum_dest: 'The SHA-1 of what was there before.',
    md5sum: 'The MD5 of what was downloaded.',
    size: "The file's size in bytes.",
    elapsed: 'Seconds that it took.',
    backup_file: 'Where the old file was kept.',
    state: 'file.',
    mode: "The file's mode.",
    owner: "The file's owner.",
    group: "The file's group.",
    uid: "The owner's number.",
    gid: "The group's number.",
  },
  examples: [
    {
      title: 'A file of known content',
      task: 'get_url:\n  url: https://releases.example.org/tool-1.2.tar.gz\n  dest: /opt/tool-1.2.tar.gz\n  checksum: sha256:https://releases.example.org/SHA256SUMS\n  mode: "0644"',
      needs: 'a web server',
    },
    { title: 'Once', task: 'get_url: { url: "file:///etc/hosts", dest: /var/tmp/drover-got, mode: "0600" }' },
    {
      title: 'What there is now, whenever that changes',
      task: 'get_url: { url: "file:///etc/hostname", dest: /var/tmp/drover-got-name, force: true }',
    },
  ],
  async observe(host, args): Promise<State> {
    const wanted = args.checksum === '' ? null : parseChecksum(args.checksum)
    const dest = await hostPath(host, args.dest)
    if (wanted !== null && 'problem' in wanted) return { problem: wanted.problem, dest }
    const request = requestOf(args)
    const problem = requestProblem(request)
    if (problem !== null) return { problem, dest }
    const [place, by, sum] = await Promise.all([
      downloadPlace(host, dest, request),
      host.get(creator()),
      wanted === null || 'digest' in wanted ? wanted : checksumAt(host, wanted, request),
    ])
    if ('problem' in place) return { problem: place.problem, dest }
    if (sum !== null && 'problem' in sum) return { problem: sum.problem, dest }
    const looked = { problem: null, dest: place.path, stat: place.stat, creator: by, request, wanted: sum }
    const download = await toDownload(host, args, looked)
    return download !== null && 'problem' in download ? { problem: download.problem, dest } : { ...looked, download }
  },
  plan(args, state) {
    const result = { url: args.url, dest: state.dest }
    if (state.problem !== null) return refuse(state.problem, result)
    const { dest, creator, download } = state
    const ownership = ownershipOf(args)
    if (download === null) {
      const step = setOwnership({ path: dest, stat: state.stat, ownership, creator })
      const then = state.stat === null ? null : withOwnership(state.stat, ownership, creator.umask)
      return propose(step === null ? [] : [step], { ...result, msg: 'file already exists', ...statResult(then) })
    }
    const made =
      state.stat === null
        ? predictedStat('file', ownership, creator)
        : withOwnership(state.stat, ownership, creator.umask)
    const { headers, user } = state.request
    const secret = user !== undefined || Object.keys(headers ?? {}).length > 0
    const action: ScriptAction = {
      do: 'sh',
      title: `download ${withoutLogin(args.url)}`,
      script: DOWNLOAD_SCRIPT,
      args: [
        dest,
        args.tmp_dest ?? '',
        args.backup ? 'backup' : '',
        args.owner ?? '',
        args.group ?? '',
        args.mode === undefined ? '' : made.mode,
        state.wanted?.algorithm ?? '',
        state.wanted?.digest ?? '',
        secret ? 'curl' : '',
      ],
      stdin: Buffer.from(
        [
          args.url,
          String(args.timeout),
          args.validate_certs ? '' : '--no-check-certificate',
          '',
          ...curlConfig(state.request),
          'fail',
          '',
        ].join('\n'),
      ),
    }
    const { size, sha256 } = download
    const step: Step = {
      change: {
        subject: dest,
        verb: state.stat === null ? 'create' : 'update',
        attributes: [
          { name: 'content', before: null, after: `from ${withoutLogin(args.url)}` },
          ...(size === null ? [] : [{ name: 'size', before: state.stat?.size ?? null, after: size }]),
        ],
      },
      actions: [action],
      effects: [
        size === null ? stale(stat(dest)) : becomes(stat(dest), { ...made, size, inode: 0, mtime: 0 }),
        stale(content(dest)),
        sha256 === null ? stale(checksum(dest)) : becomes(checksum(dest), sha256),
      ],
    }
    return propose([step], { ...result, ...(size === null ? {} : statResult({ ...made, size })) })
  },
  result(_args, state, performed) {
    const done = performed.at(-1)
    const got = done === undefined ? null : parseDownload(done.stdout.toString())
    if (state.problem !== null || state.download === null || done === undefined || got === null) return {}
    return {
      status_code: got.status === 0 ? null : got.status,
      msg: `OK (${got.size} bytes)`,
      checksum_src: got.after,
      checksum_dest: got.before,
      md5sum: got.md5,
      size: got.size,
      elapsed: Math.floor((done.end - done.start) / 1000),
      ...(got.backup === null ? {} : { backup_file: got.backup }),
      ...(got.changed ? {} : { changed: false }),
    }
  },
})

function requestOf(args: Args): WebRequest {
  return {
    url: args.url,
    method: 'GET',
    headers: headersOf(args.headers),
    user: args.url_username,
    password: args.url_password,
    follow: 'all',
    timeout: args.timeout,
    verify: args.validate_certs,
    clientCert: args.client_cert,
    clientKey: args.client_key,
    agent: args.http_agent,
    proxy: args.use_proxy,
    netrc: args.use_netrc,
    decompress: args.decompress,
    protocols: ['http', 'https', 'ftp', 'file'],
  }
}

/** What is to be downloaded, null where nothing is, or why it cannot be. */
async function toDownload(
  host: HostState,
  { force }: Args,
  { dest, stat: at, wanted, request }: Omit<Looked, 'download'>,
): Promise<Looked['download'] | { readonly problem: string }> {
  if (at !== null && wanted !== null) {
    const now = await host.get(digest(dest, wanted.algorithm))
    if (now === wanted.digest) return null
  } else if (at !== null) {
    if (!force) return null
    const [there, now] = await Promise.all([host.get(webDigest(request)), host.get(checksum(dest))])
    if ('trouble' in there) return cannot(there, request)
    if (there.status >= 400)
      return { problem: `Request failed: HTTP Error ${there.status}: ${withoutLogin(request.url)}` }
    return there.sha256 === now ? null : { size: there.size, sha256: there.sha256 }
  }
  const head = await host.get(webAnswer({ ...request, method: 'HEAD' }))
  if ('trouble' in head) return cannot(head, request)
  // Other statuses may be an answer to HEAD alone.
  if (head.status === 404 || head.status === 410)
    return { problem: `Request failed: HTTP Error ${head.status}: ${head.reason}: ${withoutLogin(request.url)}` }
  const length =
    head.headers['content-encoding'] === undefined && head.status < 300 ? head.headers['content-length'] : undefined
  return { size: length === undefined ? null : Number(length), sha256: null }
}

/** Without curl nothing can be asked beforehand; what downloads says then whether it can. */
const cannot = ({ trouble }: NoWebAnswer, { url }: WebRequest): Looked['download'] | { readonly problem: string } =>
  trouble === 'curl is missing'
    ? { size: null, sha256: null }
    : { problem: `Request failed: ${withoutLogin(url)}: ${trouble}` }

async function checksumAt(
  host: HostState,
  { algorithm, url }: { readonly algorithm: string; readonly url: string },
  request: WebRequest,
): Promise<{ readonly algorithm: string; readonly digest: string } | { readonly problem: string }> {
  const answer = await host.get(webAnswer({ ...request, url }))
  if ('trouble' in answer || answer.status >= 400) {
    const why = 'trouble' in answer ? answer.trouble : `HTTP Error ${answer.status}`
    return { problem: `the checksums cannot be had: ${withoutLogin(url)}: ${why}` }
  }
  const found = checksumIn(answer.body.toString('utf8'), request.url)
  return found === null
    ? { problem: `Unable to find a checksum for file '${withoutLogin(request.url)}' in '${withoutLogin(url)}'` }
    : { algorithm, digest: found }
}
