import { posix } from 'node:path'
import { webAnswer, withoutLogin } from '../facts/web.ts'
import { stat } from '../facts/stat.ts'
import { guarded, observeGuards, type Guards } from '../lib/guards.ts'
import { hostPath } from '../lib/host-path.ts'
import { ownershipArgs } from '../lib/ownership-args.ts'
import { bodyOf, uriResult, type UriBody } from '../lib/uri-result.ts'
import { URI_SCRIPT } from '../lib/uri-script.ts'
import { parseAnswer, type NoWebAnswer, type WebAnswer } from '../lib/web-answer.ts'
import { headersOf, webArgs } from '../lib/web-args.ts'
import { curlConfig, onlyReads, requestProblem, type WebRequest } from '../lib/web-request.ts'
import { defineModule, propose, refuse, type HostState, type Infer } from '../module.ts'
import { anything, type ScriptAction } from '../step.ts'

const args = {
  type: 'object',
  required: ['url'],
  mutuallyExclusive: [['body', 'src']],
  properties: {
    url: { type: 'string', description: 'What is asked: `http://…` or `https://…`.', since: '0.1.0' },
    method: {
      type: 'string',
      pattern: '^[A-Za-z]+$',
      default: 'GET',
      description: 'How: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or another method.',
      since: '0.1.0',
    },
    body: {
      type: 'any',
      description: 'What is sent along: a text, or with `body_format` a mapping or a list.',
      since: '0.1.0',
    },
    body_format: {
      type: 'string',
      enum: ['raw', 'json', 'form-urlencoded'],
      default: 'raw',
      description: 'How the body is written; with json and form-urlencoded, the header Content-Type is set too.',
      since: '0.1.0',
    },
    src: { type: 'string', format: 'path', description: 'A file whose bytes are the body.', since: '0.1.0' },
    remote_src: { type: 'boolean', default: false, description: '`src` is on the host.', since: '0.1.0' },
    headers: { type: 'object', default: {}, description: 'Headers by name.', since: '0.1.0' },
    status_code: {
      type: 'array',
      items: { type: 'integer' },
      default: [200],
      description: 'Statuses that are no failure.',
      since: '0.1.0',
    },
    return_content: {
      type: 'boolean',
      default: false,
      description: 'Returns what was answered as `content`; a failure returns it in any case.',
      since: '0.1.0',
    },
    dest: {
      type: 'string',
      format: 'path',
      description: 'A file of the host for what is answered; in a directory, it gets the name in the url.',
      since: '0.1.0',
    },
    creates: {
      type: 'string',
      description: 'A path or pattern: if something is there, nothing is asked.',
      since: '0.1.0',
    },
    removes: {
      type: 'string',
      description: 'A path or pattern: if nothing is there, nothing is asked.',
      since: '0.1.0',
    },
    follow_redirects: {
      type: 'string',
      enum: ['safe', 'all', 'none', 'urllib2', 'yes', 'no', 'true', 'false'],
      default: 'safe',
      description: 'Where an answer leads elsewhere: safe follows it for GET and HEAD only.',
      since: '0.1.0',
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      default: 30,
      description: 'Seconds to wait for the connection, and without any progress.',
      since: '0.1.0',
    },
    ca_path: {
      type: 'string',
      format: 'path',
      description: 'Certificates on the host that are trusted, in PEM.',
      since: '0.1.0',
    },
    unix_socket: { type: 'string', format: 'path', description: 'A socket of the host that is asked.', since: '0.1.0' },
    ...webArgs,
    ...ownershipArgs,
  },
} as const
type Args = Infer<typeof args>

interface State {
  readonly guards: Guards
  readonly request: WebRequest | null
  readonly problem: string | null
  readonly dest: string | null
  /** What was answered to a request that only reads. */
  readonly answer: WebAnswer | NoWebAnswer | null
}

export default defineModule({
  name: 'uri',
  summary: 'Ask a web server.',
  description:
    'The request is made on the host, with curl; what is secret in it stands on no command line. GET, HEAD and OPTIONS without `dest` and body change nothing, so that a check makes them too and ' +
    'goes on with the answer, where Ansible skips the task. Whatever else is asked is unknown in a check, and counts as no change in the run unless `dest` changes; say `changed_when` where it is one.',
  opaque: true,
  args,
  returns: {
    status: 'The status of the answer; -1 where there was none.',
    msg: 'What came of it.',
    url: 'Where the answer came from in the end.',
    redirected: 'Whether that is elsewhere.',
    json: 'What was answered, where it is JSON.',
    content: 'What was answered, with `return_content`.',
    cookies: 'Cookies that were set, by name.',
    cookies_string: 'The same for a header `Cookie`.',
    path: 'The file of `dest`.',
    elapsed: 'Seconds that it took.',
    content_type: 'A header of the answer, as are all others: in lower case, with underscores.',
  },
  examples: [
    {
      title: 'Is it up?',
      task: 'uri: { url: "http://127.0.0.1:9200/_cluster/health", return_content: true }\nregister: health',
      needs: 'a web server',
    },
    {
      title: 'Make something, once',
      task: 'uri:\n  url: https://api.example.org/v1/users\n  method: POST\n  body_format: json\n  body: { name: ada }\n  headers: { X-Auth-Token: "{{ token }}" }\n  status_code: [201, 409]\nchanged_when: answer.status == 201\nregister: answer',
      needs: 'a web server',
    },
    {
      title: 'Nothing is asked where the file is there',
      task: 'uri: { url: "http://127.0.0.1:8080/setup", method: POST, creates: /etc/hostname }',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const nothing = { guards: {}, request: null, problem: null, dest: null, answer: null }
    const guards = await observeGuards(host, { ...args, stdin_add_newline: false, strip_empty_ends: false })
    if (guards.created === true || guards.removable === false) return { ...nothing, guards }
    const file = args.src === undefined || args.remote_src ? null : await controller.file(args.src)
    if (args.src !== undefined && !args.remote_src && file?.kind !== 'file')
      return { ...nothing, problem: `Could not find or access '${args.src}' on the controller` }
    const bytes = file?.kind === 'file' ? await file.read() : undefined
    const body = bytes === undefined ? bodyOf(args) : { bytes, type: undefined }
    if ('problem' in body) return { ...nothing, problem: body.problem }
    const request = requestOf(
      args,
      body,
      args.remote_src && args.src !== undefined ? await hostPath(host, args.src) : undefined,
    )
    const problem = requestProblem(request)
    const reads = onlyReads(request.method) && args.dest === undefined && body.bytes === undefined
    return {
      guards,
      request,
      problem,
      dest: args.dest === undefined ? null : await fileOf(host, await hostPath(host, args.dest), args.url),
      answer: problem === null && reads && request.bodyFile === undefined ? await host.get(webAnswer(request)) : null,
    }
  },
  plan(args, { guards, request, problem, dest, answer }) {
    const why = guarded({ ...args, stdin_add_newline: false, strip_empty_ends: false }, guards)
    if (why !== null) return propose([], { msg: `skipped, ${why}`, changed: false })
    if (problem !== null || request === null) return refuse(problem ?? 'there is nothing to ask')
    if (answer !== null) {
      const { failed, msg, ...result } = uriResult(args, answer)
      return failed ? refuse(msg, result) : propose([], { msg, ...result })
    }
    const statuses = ` ${args.status_code.join(' ')} `
    const action: ScriptAction = {
      do: 'sh',
      title: `ask ${withoutLogin(args.url)}`,
      script: URI_SCRIPT,
      args: [dest ?? '', args.owner ?? '', args.group ?? '', args.mode ?? '', statuses],
      stdin: Buffer.concat([Buffer.from(`${curlConfig(request).join('\n')}\n\n`), request.body ?? Buffer.alloc(0)]),
    }
    const subject = `${request.method} ${withoutLogin(args.url)}`
    return propose([{ change: { subject, verb: 'run' }, actions: [action], effects: [anything] }])
  },
  result(args, { dest }, [asked]) {
    if (asked === undefined || asked.status !== 0) return {}
    const written = dest === null ? null : /\n(changed|same)$/.exec(asked.stdout.subarray(-10).toString())
    const answer = parseAnswer(asked.stdout.subarray(0, asked.stdout.length - (written?.[0].length ?? 0)))
    const elapsed = Math.floor((asked.end - asked.start) / 1000)
    return {
      ...uriResult(args, answer),
      ...(dest === null ? {} : { path: dest }),
      elapsed,
      changed: written?.[1] === 'changed',
    }
  },
})

function requestOf(args: Args, body: UriBody, bodyFile: string | undefined): WebRequest {
  const headers = headersOf(args.headers)
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const { follow_redirects: follow } = args
  return {
    url: args.url,
    method: args.method.toUpperCase(),
    headers: body.type === undefined || typed ? headers : { 'Content-Type': body.type, ...headers },
    body: body.bytes,
    bodyFile,
    user: args.url_username,
    password: args.url_password,
    follow:
      follow === 'all' || follow === 'yes' || follow === 'true'
        ? 'all'
        : follow === 'safe' || follow === 'urllib2'
          ? 'safe'
          : 'none',
    timeout: args.timeout,
    verify: args.validate_certs,
    caFile: args.ca_path,
    clientCert: args.client_cert,
    clientKey: args.client_key,
    agent: args.http_agent,
    proxy: args.use_proxy,
    netrc: args.use_netrc,
    unixSocket: args.unix_socket,
    protocols: ['http', 'https'],
  }
}

/** The file for what is answered: in a directory, under the name that the url has. */
async function fileOf(host: HostState, dest: string, url: string): Promise<string> {
  const at = await host.get(stat(dest.replace(/(?<=.)\/+$/, '')))
  const end = at?.type === 'link' && typeof at.resolved === 'string' ? await host.get(stat(at.resolved)) : at
  if (end?.type !== 'directory') return at?.type === 'link' && typeof at.resolved === 'string' ? at.resolved : dest
  return posix.join(dest, posix.basename(new URL(url).pathname) || 'index.html')
}
