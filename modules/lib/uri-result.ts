import type { Json, JsonObject } from '../../schema/infer.ts'
import { headerResult, type NoWebAnswer, type WebAnswer } from './web-answer.ts'

/** What a request sends, and its Content-Type where the format says one. */
export interface UriBody {
  readonly bytes: Buffer | undefined
  readonly type: string | undefined
}

/** The body that arguments ask for. */
export function bodyOf(args: {
  readonly body?: unknown
  readonly body_format: 'raw' | 'json' | 'form-urlencoded'
}): UriBody | { readonly problem: string } {
  const { body } = args
  if (body === undefined || body === null) return { bytes: undefined, type: undefined }
  switch (args.body_format) {
    case 'json':
      // A text is taken for JSON already, as in Ansible.
      return { bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), type: 'application/json' }
    case 'form-urlencoded': {
      const pairs = typeof body === 'string' ? [] : pairsOf(body)
      if (pairs === null)
        return { problem: 'body must be a mapping, or a list of pairs, for body_format: form-urlencoded' }
      const text =
        typeof body === 'string'
          ? body
          : new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString()
      return { bytes: Buffer.from(text), type: 'application/x-www-form-urlencoded' }
    }
    case 'raw':
      return { bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), type: undefined }
  }
}

/** Names and values; one for each where a value is a list. */
function pairsOf(body: unknown): readonly (readonly [string, string])[] | null {
  const entries: readonly unknown[] = Array.isArray(body) ? body : Object.entries(body as object)
  const pairs = entries.flatMap((entry) => {
    if (!Array.isArray(entry) || entry.length !== 2) return [null]
    const [name, value] = entry as [unknown, unknown]
    return (Array.isArray(value) ? value : [value]).map((one) => [textOf(name), textOf(one)] as const)
  })
  return pairs.every((pair) => pair !== null) ? pairs : null
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What Ansible's uri returns; `failed` where the status is none of those that are accepted. */
export function uriResult(
  args: { readonly url: string; readonly status_code: readonly number[]; readonly return_content: boolean },
  answer: WebAnswer | NoWebAnswer,
): JsonObject & { readonly failed: boolean; readonly msg: string } {
  const accepted = `[${args.status_code.join(', ')}]`
  if ('trouble' in answer) {
    const msg =
      answer.trouble === 'curl is missing'
        ? 'uri needs curl on the host: install it first (package: { name: curl })'
        : `Status code was -1 and not ${accepted}: Request failed: ${answer.trouble}`
    return { failed: true, msg, status: -1, url: args.url, redirected: false }
  }
  const good = args.status_code.includes(answer.status)
  const size = answer.headers['content-length'] ?? 'unknown'
  const told =
    answer.status < 400 ? `OK (${size} bytes)` : `HTTP Error ${answer.status}: ${answer.reason || 'no reason given'}`
  const content = answer.body.toString('utf8')
  return {
    ...headerResult(answer),
    url: answer.url,
    status: answer.status,
    redirected: answer.redirected,
    cookies: answer.cookies,
    cookies_string: answer.cookieText,
    elapsed: 0,
    ...jsonOf(answer.headers['content-type'] ?? '', content),
    ...(args.return_content || !good ? { content } : {}),
    failed: !good,
    msg: good ? told : `Status code was ${answer.status} and not ${accepted}: ${told}`,
  }
}

function jsonOf(type: string, content: string): { readonly json?: Json } {
  if (!/^[^;]*\/([^;]*\+)?(json|javascript)\s*(;|$)/i.test(type)) return {}
  try {
    return { json: JSON.parse(content) as Json }
  } catch {
    return {}
  }
}
