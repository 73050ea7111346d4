/** What is asked of a web server, by a program of the host's own. */
export interface WebRequest {
  readonly url: string
  readonly method: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: Buffer | undefined
  /** A file of the host whose bytes are the body. */
  readonly bodyFile?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Which answers that lead elsewhere are followed: of requests that only read, of all, or none. */
  readonly follow: 'safe' | 'all' | 'none'
  /** Seconds without an answer, and without any progress. */
  readonly timeout: number
  readonly verify: boolean
  readonly caFile?: string | undefined
  readonly clientCert?: string | undefined
  readonly clientKey?: string | undefined
  readonly agent: string
  readonly proxy: boolean
  readonly netrc: boolean
  readonly decompress?: boolean
  readonly unixSocket?: string | undefined
  /** Protocols that the url may have, and what it leads to. */
  readonly protocols: readonly string[]
  /** Asks for the body only if it is newer: seconds since the epoch. */
  readonly newerThan?: number
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Methods that change nothing (RFC 9110, 9.2.1), as far as drover makes use of it. */
export const onlyReads = (method: string): boolean => READING.has(method)

/**
 * The lines of a configuration for curl(1), to be read with `-K`: on no command line, so that no other user sees what is secret in it. A body
 * comes on descriptor 3. None of them is empty.
 */
export function curlConfig(request: WebRequest): readonly string[] {
  const { method, user, password } = request
  const sends = request.body !== undefined || request.bodyFile !== undefined
  const follows = request.follow === 'all' || (request.follow === 'safe' && onlyReads(method))
  const protocols = `=${request.protocols.join(',')}`
  const headers = Object.entries(request.headers ?? {})
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  return [
    option('url', request.url),
    // curl chooses POST where there is a body, and then goes on with GET where an answer leads elsewhere, as browsers do.
    ...(method === 'HEAD' ? ['head'] : method === 'POST' && sends ? [] : [option('request', method)]),
    ...(request.body === undefined ? [] : [option('data-binary', '@/dev/fd/3')]),
    ...(request.bodyFile === undefined ? [] : [option('data-binary', `@${request.bodyFile}`)]),
    ...headers.map(([name, value]) => option('header', value === '' ? `${name};` : `${name}: ${value}`)),
    // Nothing is said that was not asked for.
    ...(sends && !given.has('content-type') ? [option('header', 'Content-Type:')] : []),
    ...(sends && !given.has('expect') ? [option('header', 'Expect:')] : []),
    ...(user === undefined ? [] : [option('user', `${user}:${password ?? ''}`)]),
    ...(follows ? ['location', option('max-redirs', '20'), option('proto-redir', protocols)] : []),
    option('proto', protocols),
    option('connect-timeout', String(request.timeout)),
    option('speed-time', String(request.timeout)),
    option('speed-limit', '1'),
    ...(request.verify ? [] : ['insecure']),
    ...(request.caFile === undefined ? [] : [option('cacert', request.caFile)]),
    ...(request.clientCert === undefined ? [] : [option('cert', request.clientCert)]),
    ...(request.clientKey === undefined ? [] : [option('key', request.clientKey)]),
    option('user-agent', request.agent),
    ...(request.proxy ? [] : [option('noproxy', '*')]),
    ...(request.netrc && user === undefined ? ['netrc-optional'] : []),
    ...(request.decompress === true ? ['compressed'] : []),
    ...(request.unixSocket === undefined ? [] : [option('unix-socket', request.unixSocket)]),
    ...(request.newerThan === undefined ? [] : [option('time-cond', new Date(request.newerThan * 1000).toUTCString())]),
    'silent',
    'show-error',
    'globoff',
  ]
}

/** A line of the configuration: curl knows these escapes in quotes, and reads line by line. */
function option(name: string, value: string): string {
  const escaped = value.replace(/[\\"\n\r\t\v]/g, (letter) => ESCAPES[letter] ?? letter)
  return `${name} = "${escaped}"`
}

const ESCAPES: { readonly [letter: string]: string } = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** What is wrong with a request, for people; null where it can be made. */
export function requestProblem({ url, headers = {}, protocols }: WebRequest): string | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || !protocols.includes(scheme))
    return `${url} is no url that can be asked: it must begin with ${protocols.map((name) => `${name}://`).join(' or ')}`
  const broken = Object.entries(headers).find(([name, value]) => /[\r\n\0]/.test(name + value) || /[:\s]/.test(name))
  return broken === undefined ? null : `the header ${JSON.stringify(broken[0])} holds what no header can hold`
}
