import { createServer, type Server } from 'node:http'
import { createServer as listen, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpQuestion, HttpRequest } from '../../../../modules/question.ts'
import { ask } from '../../../../runner/host/services/ask.ts'

const BYTES = Buffer.from([0, 255, 10, 128])

/** Says what it was asked; under /bytes, some that are no text; /busy is done the third time; /private knows the last token of /login. */
const server = (): Server => {
  let busy = 0
  let logins = 0
  return createServer((request, response) => {
    const { method, url, headers } = request
    if (url === '/busy')
      return void response.end(JSON.stringify({ state: busy++ < 2 ? 'PENDING' : 'DONE', asked: busy }))
    if (url === '/list')
      return void response.end(JSON.stringify({ one: [{ id: '$&' }], two: [{ id: 'a' }, { id: 'b' }] }))
    if (url === '/login') return void response.setHeader('x-token', `${++logins}`).end()
    if (url === '/logout') return void response.end(JSON.stringify({ logins: logins++ }))
    if (url === '/private') {
      response.statusCode = headers['x-auth-token'] === `${logins}` ? 200 : 401
      return void response.end()
    }
    response.setHeader('x-token', `t-${headers.host}`)
    response.setHeader('x-account-count', '3')
    if (url === '/bytes') response.setHeader('content-length', BYTES.length)
    response.statusCode = url === '/none' ? 404 : 200
    response.end(url === '/bytes' ? BYTES : JSON.stringify({ method, url, headers }))
  })
}

const never = (): Promise<never> => Promise.reject(new Error('the host is not asked'))

const onlyOf = (name: string) => ({ '<id>': { answerTo: 0, at: [name, '*', 'id'] } })
const seen = (token: string, status = 200) => ({ responses: [{ headers: { 'x-token': token } }, { status }] })
describe('questions to web services', () => {
  const servers = [server(), server()]
  const origins: string[] = []
  beforeAll(async () => {
    for (const one of servers) {
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
      origins.push(`http://127.0.0.1:${(one.address() as AddressInfo).port}`)
    }
  })
  afterAll(() => {
    for (const one of servers) one.close()
  })
  const answers = async (...requests: readonly HttpRequest[]): Promise<unknown> => {
    const question: HttpQuestion = {
      protocol: 'http',
      origin: origins[0] ?? '',
      via: 'controller',
      verify: true,
      patience: 10,
      requests,
    }
    return JSON.parse((await ask(question, never)).toString('utf8'))
  }

  it('go to more than one, with what the first one gave', async () => {
    const token = { 'x-auth-token': { answerTo: 0, header: 'x-token' } }
    const [first, second] = origins
    const found = await answers(
      { method: 'GET', path: '/', silent: true },
      { method: 'GET', path: '/there', origin: second ?? '', headers: token, tell: ['x-account-*', 'x-none'] },
    )
    expect(found).toMatchObject({
      responses: [
        { body: '' },
        { body: expect.stringContaining(`t-${first?.slice(7)}`), headers: { 'x-account-count': '3' } },
      ],
    })
  })

  it('tell bytes, what they come to, and nothing but headers', async () => {
    const found = await answers(
      { method: 'GET', path: '/bytes', as: 'base64' },
      { method: 'GET', path: '/bytes', as: 'digest' },
      { method: 'HEAD', path: '/bytes', tell: ['content-length'] },
      { method: 'GET', path: '/none', as: 'base64' },
    )
    expect(found).toMatchObject({
      responses: [
        { body: 'AP8KgA==' },
        {
          body: JSON.stringify({
            size: 4,
            md5: '2ad16ceff11c91c2990ab9e53640ac63',
            sha256: '2d75f84de96be6dba9b1e48d2994df26ede680ad1f7cfb0263d1252f08655694',
          }),
        },
        { body: '', headers: { 'content-length': '4' } },
        { status: 404, body: expect.stringContaining('/none') },
      ],
    })
  })

  it('are signed as they are sent, and the secret is not', async () => {
    const sign = { accessKey: 'AK', secretKey: 'very secret', region: 'r', service: 's3', version: 4 } as const
    const found = await answers({ method: 'GET', path: '/b?max-keys=1', sign })
    const text = JSON.stringify(found)
    expect(text).toMatch(/AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/r\/s3\/aws4_request/)
    expect(text).toContain('x-amz-content-sha256')
    expect(text).not.toContain('very secret')
  })

  it('are asked again until what is under way is over, or the time', async () => {
    const again = { matching: '"state": *"PENDING"', seconds: 20 }
    expect(await answers({ method: 'POST', path: '/busy', again: { ...again, seconds: 0 } })).toMatchObject({
      responses: [{ body: '{"state":"PENDING","asked":1}' }],
    })
    expect(await answers({ method: 'POST', path: '/busy', again })).toMatchObject({
      responses: [{ body: '{"state":"DONE","asked":3}' }],
    })
  })

  it('take values from earlier answers, and end where one is lacking or there are several', async () => {
    const list = { method: 'GET', path: '/list' } as const
    const found = await answers(
      list,
      { method: 'GET', path: '/x/<id>', fill: onlyOf('one') },
      { ...list, fill: onlyOf('two') },
    )
    expect(found).toMatchObject({ responses: [{}, { body: expect.stringContaining('"url":"/x/$&"') }] })
    expect((found as { readonly responses: readonly unknown[] }).responses).toHaveLength(2)
  })

  it('keep a login, until it no longer holds', async () => {
    const login = { method: 'POST', path: '/login', keep: true, tell: ['x-token'] } as const
    const headers = { 'x-auth-token': { answerTo: 0, header: 'x-token' } }
    const ask = (...more: readonly HttpRequest[]) =>
      answers(login, { method: 'GET', path: '/private', headers }, ...more)
    expect(await ask()).toMatchObject(seen('1'))
    expect(await ask()).toMatchObject(seen('1'))
    await answers({ method: 'POST', path: '/logout' })
    expect(await ask()).toMatchObject(seen('3'))
  })

  it('hear what a server says of HEAD that sends the end of a body besides', async () => {
    const head = 'HTTP/1.1 200 OK\r\nX-Account-Count: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    const swift = listen((socket) => socket.once('data', () => socket.end(head)))
    await new Promise<void>((resolve) => swift.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(swift.address() as AddressInfo).port}`
    const found = await answers({ method: 'HEAD', path: '/', origin, tell: ['x-account-*'] })
    swift.close()
    expect(found).toMatchObject({ responses: [{ status: 200, body: '', headers: { 'x-account-count': '3' } }] })
  })
})
