import type { JsonObject } from '../../schema/infer.ts'

/** What a web server answered. */
export interface WebAnswer {
  readonly status: number
  /** What the status line says behind the number. */
  readonly reason: string
  /** Where the last answer came from. */
  readonly url: string
  readonly redirected: boolean
  /** Names in lower case; values of a name that comes more than once are joined. */
  readonly headers: { readonly [name: string]: string }
  readonly cookies: { readonly [name: string]: string }
  /** `name=value; name=value`. */
  readonly cookieText: string
  readonly body: Buffer
}
/** No answer, and why, for people. */
export interface NoWebAnswer {
  readonly trouble: string
}

/** What curl is to print behind the body: the number of bytes of headers before it among other things. */
export const WRITE_OUT = '\\n%{http_code} %{num_redirects} %{size_header} %{url_effective}'

/**
 * What `curl --include --write-out WRITE_OUT` printed for one request, redirections included, and behind it a line with curl's exit status
 * and what it said of trouble.
 */
export function parseAnswer(output: Buffer): WebAnswer | NoWebAnswer {
  const last = output.lastIndexOf(10)
  const end = output.lastIndexOf(10, last - 1)
  const [, exit = '', said = ''] = /^(\d+) ?(.*)$/.exec(output.subarray(last + 1).toString('utf8')) ?? []
  if (exit !== '0') return { trouble: said.trim() || `curl ended with status ${exit}` }
  const [, code = '', redirects = '', headerSize = '', url = ''] =
    /^(\d+) (\d+) (\d+) (.*)$/.exec(output.subarray(end + 1, last).toString('utf8')) ?? []
  if (code === '') return { trouble: 'curl gave no answer' }
  const size = Number(headerSize)
  const blocks = output
    .subarray(0, size)
    .toString('utf8')
    .split(/\r?\n\r?\n/)
  const head = blocks.findLast((block) => block.trim() !== '') ?? ''
  const [statusLine = '', ...lines] = head.split(/\r?\n/)
  const fields = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const]
  })
  const headers: Record<string, string> = {}
  for (const [name, value] of fields) headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  const pairs = fields.flatMap(([name, value]) => (name === 'set-cookie' ? [(value.split(';')[0] ?? '').trim()] : []))
  return {
    status: Number(code),
    reason: /^\S+ \d+ ?(.*)$/.exec(statusLine)?.[1]?.trim() ?? '',
    url,
    redirected: Number(redirects) > 0,
    headers,
    cookies: Object.fromEntries(pairs.map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)])),
    cookieText: pairs.join('; '),
    body: output.subarray(size, Math.max(size, end)),
  }
}

/** Ansible's names for headers: lower case with underscores. */
export function headerResult({ headers }: WebAnswer): JsonObject {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value]))
}
