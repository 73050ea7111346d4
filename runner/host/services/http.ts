import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { isIP } from 'node:net'
import type { Address, HttpAnswer, HttpQuestion, HttpRequest, HttpResponse } from '../../../modules/question.ts'
import { ConnectionError } from '../../transport/transport.ts'
import type { Dial } from './ask.ts'
import { readBody } from './http-body.ts'
import { signed } from './sign.ts'

/** Attempts at one request, and the milliseconds before the second; they double. */
const MOST_ATTEMPTS = 4
const FIRST_PAUSE = 250
/** Statuses that say that it may go well a little later. */
const NOT_READY = new Set([429, 502, 503, 504])

interface Answered {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** Makes requests, each over a stream of its own. Rejects with `ConnectionError` where the host itself was lost. */
export async function askHttp(question: HttpQuestion, dial: Dial): Promise<HttpAnswer> {
  const answered: Answered[] = []
  for (const request of question.requests) {
    const answer = await patiently(question, request, answered, dial)
    if (answer instanceof Error)
      return { kind: 'down', message: `${request.origin ?? question.origin}: ${answer.message}` }
    answered.push(answer)
    if (answer.status >= 400) break
  }
  const responses = answered.map(({ status, body, headers }, index): HttpResponse => {
    const { silent, tell } = question.requests[index] ?? {}
    const told = tell === undefined ? {} : { headers: toldOf(headers, tell) }
    return { status, body: silent === true && status < 400 ? '' : body, ...told }
  })
  return { kind: 'answered', responses }
}

function toldOf(headers: IncomingHttpHeaders, tell: readonly string[]): Record<string, string> {
  const isTold = (name: string): boolean =>
    tell.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))
  const told = Object.entries(headers).filter(([name, value]) => value !== undefined && isTold(name))
  return Object.fromEntries(told.map(([name, value]) => [name, String(value)]))
}

async function patiently(
  question: HttpQuestion,
  request: HttpRequest,
  before: readonly Answered[],
  dial: Dial,
): Promise<Answered | Error> {
  const repeatable = request.repeatable === true || request.method !== 'POST'
  for (let attempt = 1; ; attempt++) {
    const answer = await once(question, request, before, dial)
    const notReady = answer instanceof Error ? repeatable : NOT_READY.has(answer.status) && repeatable
    if (!notReady || attempt === MOST_ATTEMPTS) return answer
    await sleep(FIRST_PAUSE * 2 ** (attempt - 1))
  }
}

/** One attempt; an error where there is no answer. */
async function once(
  question: HttpQuestion,
  request: HttpRequest,
  before: readonly Answered[],
  dial: Dial,
): Promise<Answered | Error> {
  let stream: Duplex | undefined
  const over = AbortSignal.timeout(question.patience * 1000)
  try {
    const { address, secure } = placeOf(request.origin ?? question.origin)
    stream = await dial(address)
    return await exchange(secure ? secured(stream, address, question) : stream, question, request, before, over)
  } catch (error) {
    if (error instanceof ConnectionError && error.reason !== 'refused') throw error
    if (over.aborted) return new Error(`no answer within ${question.patience} s`)
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    stream?.destroy()
  }
}

function exchange(
  stream: Duplex,
  question: HttpQuestion,
  request: HttpRequest,
  before: readonly Answered[],
  signal: AbortSignal,
): Promise<Answered> {
  const { method, path, headers = {}, body, sign, as, origin = question.origin } = request
  const content = body === undefined ? undefined : JSON.stringify(body)
  const given = Object.entries(headers).map(([name, value]): [string, string] => {
    const header = typeof value === 'string' ? value : before[value.answerTo]?.headers[value.header]
    return [name, String(header ?? '')]
  })
  const all: Record<string, string> = {
    host: new URL(origin).host,
    accept: 'application/json',
    connection: 'close',
    ...(content === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }),
    ...Object.fromEntries(given),
  }
  return new Promise((resolve, reject) => {
    stream.on('error', reject)
    const sent = httpRequest({
      createConnection: () => stream,
      method,
      path,
      signal,
      headers: sign === undefined ? all : signed({ method, path, headers: all, body: content }, sign, new Date()),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0
      readBody(response, status < 400 ? as : undefined).then(
        (body) => resolve({ status, headers: response.headers, body }),
        reject,
      )
    })
    sent.end(content)
  })
}

/** The stream encrypted, with who is at its other end checked. */
function secured(stream: Duplex, address: Address, { ca, verify }: HttpQuestion): Duplex {
  const host = address.kind === 'tcp' ? address.host : ''
  return connectTls({
    socket: stream,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
  })
}

function placeOf(origin: string): { readonly address: Address; readonly secure: boolean } {
  const url = new URL(origin)
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return { address: { kind: 'tcp', host, port: Number(url.port || (secure ? 443 : 80)) }, secure }
}
