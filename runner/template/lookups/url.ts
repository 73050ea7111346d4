import { execFileSync } from 'node:child_process'
import { truthy } from '../values/compare.ts'
import { entriesOf } from '../values/mapping.ts'
import { number } from '../values/sequence.ts'
import { str } from '../values/python-text.ts'
import { fail, isMapping } from '../values/types.ts'
import type { Lookup, Options } from './call.ts'

/** Fetches in a process of its own, because a template waits: the request comes on stdin, so that no secret is on a command line. */
const program = `
let input = ''
for await (const part of process.stdin) input += part
const { url, method, headers, body, timeout, redirect } = JSON.parse(input)
try {
  const response = await fetch(url, { method, headers, body, redirect, signal: AbortSignal.timeout(timeout) })
  const text = await response.text()
  process.stdout.write(JSON.stringify(response.ok ? { text } : { error: 'HTTP ' + response.status + ' ' + response.statusText }))
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.cause?.message || error.message }))
}
`
const names = [
  'wantlist',
  'split_lines',
  'username',
  'url_username',
  'password',
  'url_password',
  'headers',
  'timeout',
  'validate_certs',
  'http_agent',
  'force',
  'follow_redirects',
  'use_proxy',
]

function fetchText(url: string, options: Options): string {
  const seconds = options.has('timeout') ? number(options.get('timeout'), 'timeout') : 10
  const headers: Record<string, string> = { 'user-agent': str(options.get('http_agent') ?? 'drover') }
  const given = options.get('headers')
  if (isMapping(given)) for (const [key, value] of entriesOf(given)) headers[str(key)] = str(value)
  const user = options.get('username') ?? options.get('url_username')
  const secret = options.get('password') ?? options.get('url_password') ?? ''
  if (user !== undefined && user !== null)
    headers['authorization'] = `Basic ${Buffer.from(`${str(user)}:${str(secret)}`).toString('base64')}`
  const check = truthy(options.get('validate_certs') ?? true)
  const redirect = ['no', 'none', 'false'].includes(str(options.get('follow_redirects') ?? 'urllib2').toLowerCase())
    ? 'manual'
    : 'follow'
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    input: JSON.stringify({ url, method: 'GET', headers, timeout: seconds * 1000, redirect }),
    env: check ? process.env : { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const answer = JSON.parse(output) as { text?: string; error?: string }
  return answer.text ?? fail(`${url}: ${answer.error ?? 'no answer'}`)
}

export const url: Lookup = (_, terms, options) => {
  for (const name of options.keys())
    if (!names.includes(name)) fail(`there is no option "${name}"`, `the options are ${names.join(', ')}`)
  return terms.flatMap((term) => {
    const text = fetchText(str(term), options)
    if (!truthy(options.get('split_lines') ?? true)) return [text]
    const lines = text.split(/\r\n|\n|\r/)
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines
  })
}
