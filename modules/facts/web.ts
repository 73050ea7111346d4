import { createHmac, randomBytes } from 'node:crypto'
import type { Fact, Param } from '../fact.ts'
import { parseAnswer, WRITE_OUT, type NoWebAnswer, type WebAnswer } from '../lib/web-answer.ts'
import { curlConfig, type WebRequest } from '../lib/web-request.ts'

/** The most bytes of an answer that are read. */
const LIMIT = 16 * 1024 * 1024

/** Tells requests apart without showing the passwords in them. */
const salt = randomBytes(16)

const END = 'end-of-the-configuration'
const asked = (config: readonly string[], command: string): string => `if command -v curl >/dev/null 2>&1; then
{ e=$(${command} 2>&1 1>&5 <<'${END}'
${config.join('\n')}
${END}
); s=$?; } 5>&1
printf '\\n%s %s' "$s" "$(printf %s "$e" | tr '\\n' ' ')"
else printf '\\n127 curl is missing'; fi
`

/** The parameter is the script itself; secrets in it stand on no command line. */
const kind = (name: string) => ({
  name,
  script: (params: readonly Param[]) => params.map(String).join(''),
  live: true,
  patience: 600,
})
const answers = kind('web')
const digests = kind('web-digest')

const keyOf = (name: string, { url, method }: WebRequest, config: readonly string[]): string => {
  const digest = createHmac('sha256', salt).update(config.join('\n')).digest('hex').slice(0, 12)
  return `${name}:${method} ${withoutLogin(url)}#${digest}`
}

/** A url without the user and password in it. */
export const withoutLogin = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1')

/** What a web server answers to a request that changes nothing and has no body, as the host sees it. Asked anew each time. */
export function webAnswer(request: WebRequest): Fact<WebAnswer | NoWebAnswer> {
  const config = [...curlConfig(request), `max-filesize = ${LIMIT}`]
  const script = asked(config, `curl -q --config - --include --write-out '${WRITE_OUT}'`)
  return { key: keyOf('web', request, config), kind: answers, param: script, parse: parseAnswer }
}

/** What a download would be. */
export interface WebDigest {
  readonly status: number
  readonly size: number
  readonly sha256: string
}

/** Downloads something to nowhere, to know what it is. */
export function webDigest(request: WebRequest): Fact<WebDigest | NoWebAnswer> {
  const config = curlConfig(request)
  const command = `{ curl -q --config - --output /dev/fd/6 --write-out '%{http_code} %{size_download} ' 6>&1 1>&7 | sha256sum >&7; } 7>&5`
  return {
    key: keyOf('web-digest', request, config),
    kind: digests,
    param: asked(config, command),
    parse: parseDigest,
  }
}

function parseDigest(raw: Buffer): WebDigest | NoWebAnswer {
  const [found = '', ended = ''] = raw.toString('utf8').split('\n')
  const [, status, size, sha256 = ''] = /^(\d+) ([\d.]+) .*?([0-9a-f]{64})/.exec(found) ?? []
  const trouble = ended.replace(/^\d+ /, '').trim()
  if (sha256 === '' || trouble !== '') return { trouble: trouble || 'curl gave no answer' }
  return { status: Number(status), size: Math.round(Number(size)), sha256 }
}
