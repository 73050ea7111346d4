import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { isIP } from 'node:net'
import type { Address, HttpAnswer, HttpQuestion, HttpRequest, HttpResponse } from '../../../modules/question.ts'
import { ConnectionError } from '../../transport/transport.ts'
import type { Dial } from './ask.ts'
import { readBody } from './http-body.ts'
import { filled, valueAt, without } from './http-fill.ts'
import { KeptAnswers } from './http-kept.ts'
import { signed } from './sign.ts'

/** Attempts at one request, and the milliseconds before the second; they double. */
const MOST_ATTEMPTS = 4
const FIRST_PAUSE = 250
/** Milliseconds between two answers that are not yet as they are to be: the first pause, how it grows, and the longest. */
const AGAIN = { first: 100, growth: 1.5, most: 5000 } as const
/** Statuses that say that it may go well a little later. */
const NOT_READY = new Set([429, 502, 503, 504])

interface Answered {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
}
const kept = new KeptAnswers<Answered>()

/**
 * Makes requests, each over a stream of its own; after `signal` none is made again. Rejects with `ConnectionError` where the host itself was
 * lost.
 */
export async function askHttp(question: HttpQuestion, dial: Dial, signal?: AbortSignal): Promise<HttpAnswer> {
  const answered: Answered[] = []
  const reused: Answered[] = []
  for (const [index, asked] of question.requests.entries()) {
    const request = filled(
      asked,
      answered.map(({ body }) => body),
    )
    if (request === null) break
    const known = kept.find(question, request, dial)
    const answer = known ?? (await untilSettled(question, request, answered, dial, signal))
    if (answer instanceof Error)
      return { kind: 'down', message: `${request.origin ?? question.origin}: ${answer.message}` }
    // A login that was kept may hold no longer; what changes something is not asked for twice.
    const harmless = question.requests.slice(0, index).every(({ method, keep }) => keep === true || method === 'GET')
    if (answer.status === 401 && harmless && kept.forget(dial, reused)) return askHttp(question, dial, signal)
    answered.push(answer)
    if (answer.status >= 400) break
    if (known === undefined) kept.add(question, asked, dial, answer)
    else reused.push(known)
  }
  const responses = answered.map(({ status, body, headers }, index): HttpResponse => {
    const { silent, tell, hide } = question.requests[index] ?? {}
    const told = tell === undefined ? {} : { headers: toldOf(headers, tell) }
    if (status >= 400) return { status, body, ...told }
    return { status, body: silent === true ? '' : hide === undefined ? body : without(body, hide), ...told }
  })
  return { kind: 'answered', responses }
}

function toldOf(headers: IncomingHttpHeaders, tell: readonly string[]): Record<string, string> {
  const isTold = (name: string): boolean =>
    tell.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))
  const told = Object.entries(headers).filter(([name, value]) => value !== undefined && isTold(name))
  return Object.fromEntries(told.map(([name, value]) => [name, String(value)]))
}

/** Asks as often as `request.again` says. */
async function untilSettled(
  question: HttpQuestion,
  request: HttpRequest,
  before: readonly Answered[],
  dial: Dial,
  signal: AbortSignal | undefined,
): Promise<Answered | Error> {
  const { again } = request
  const unsettled = new RegExp(again?.matching ?? '(?!)')
  const deadline = performance.now() + (again?.seconds ?? 0) * 1000
  for (let pause: number = AGAIN.first; ; pause = Math.min(pause * AGAIN.growth, AGAIN.most)) {
    const answer = await patiently(question, request, before, dial)
    const over = performance.now() + pause > deadline || signal?.aborted === true
    if (answer instanceof Error || over || !unsettled.test(answer.body)) return answer
    await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
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
    if (typeof value === 'string') return [name, value]
    const { headers: told = {}, body: said = '' } = before[value.answerTo] ?? {}
    const inBody = value.orBody === undefined ? null : valueAt(said, value.orBody)
    return [name, String(told[value.header] ?? inBody ?? '')]
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
      // It has no body. Swift without proxy_logging sends the end of one all the same: clients pass that over.
      if (method === 'HEAD') {
        resolve({ status, headers: response.headers, body: '' })
        return
      }
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
