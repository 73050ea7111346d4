import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseAnswer } from '../../../modules/lib/web-answer.ts'
import { checksumIn, parseChecksum } from '../../../modules/lib/web-checksum.ts'
import { curlConfig, requestProblem, type WebRequest } from '../../../modules/lib/web-request.ts'
import { bodyOf, uriResult } from '../../../modules/lib/uri-result.ts'
import { parseDownload } from '../../../modules/lib/download-script.ts'

const request: WebRequest = {
  url: 'http://h/a?b="c"',
  method: 'GET',
  follow: 'safe',
  timeout: 5,
  verify: true,
  agent: 'x',
  proxy: true,
  netrc: false,
  protocols: ['http', 'https'],
}

describe('the configuration for curl', () => {
  it.each<[string, Partial<WebRequest>, readonly string[], readonly string[]]>([
    ['reads and follows', {}, ['request = "GET"', 'location', 'proto-redir = "=http,https"'], ['head', 'insecure']],
    ['asks for the head', { method: 'HEAD' }, ['head'], ['request = "HEAD"']],
    [
      'posts, and leaves the method to curl',
      { method: 'POST', body: Buffer.from('x') },
      ['data-binary = "@/dev/fd/3"'],
      ['request = "POST"', 'location'],
    ],
    ['posts nothing', { method: 'POST' }, ['request = "POST"'], ['data-binary = "@/dev/fd/3"']],
    ['quotes', { headers: { A: 'b"\\\t', B: '' } }, ['header = "A: b\\"\\\\\\t"', 'header = "B;"'], []],
    ['logs in', { user: 'u', password: 'p"', netrc: true }, ['user = "u:p\\""'], ['netrc-optional']],
    ['trusts whoever', { verify: false, proxy: false, follow: 'none' }, ['insecure', 'noproxy = "*"'], ['location']],
  ])('%s', (_, more, holds, lacks) => {
    const lines = curlConfig({ ...request, ...more })
    expect(lines).toEqual(expect.arrayContaining([...holds]))
    expect(lines.filter((line) => lacks.includes(line))).toEqual([])
    expect(lines.filter((line) => line === '' || line.includes('\n'))).toEqual([])
  })
  it('is what curl itself understands', async () => {
    const lines = curlConfig({
      ...request,
      url: 'file:///etc/hostname',
      protocols: ['file'],
      headers: { 'X-Y': '"\\' },
    })
    const output = await new Promise<string>((resolve, reject) => {
      const child = execFile('curl', ['-q', '-K', '-'], (error, stdout) => (error ? reject(error) : resolve(stdout)))
      child.stdin?.end(lines.join('\n'))
    })
    expect(output).not.toBe('')
  })
  it.each([
    [{ url: 'ftp://h' }, /must begin with http:\/\/ or https:\/\//],
    [{ url: 'h/a' }, /no url/],
    [{ headers: { 'A b': 'x' } }, /header "A b"/],
    [{ headers: { A: 'x\r\nB: y' } }, /header "A"/],
  ])('refuses %o', (more, message) => {
    expect(requestProblem({ ...request, ...more })).toMatch(message)
  })
})

/** What curl 7.88 printed for an answer that leads elsewhere and the one there. */
const FOLLOWED =
  'HTTP/1.0 302 Found\r\nServer: BaseHTTP/0.6\r\nLocation: /b\r\nSet-Cookie: gone=1\r\n\r\n' +
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=x=y\r\nX-Two: 1\r\nx-two: 2\r\n\r\n'
const said = (headers: string, body: string, code = 200, moved = 1) =>
  Buffer.from(`${headers}${body}\n${code} ${moved} ${headers.length} http://h/b\n0 `)

describe('an answer', () => {
  it('is that of the last request', () => {
    const body = '{"a":1}\n\nHTTP/1.1 404 no\r\n\r\n'
    expect(parseAnswer(said(FOLLOWED, body))).toEqual({
      status: 200,
      reason: 'OK',
      url: 'http://h/b',
      redirected: true,
      headers: { 'content-type': 'application/json', 'set-cookie': 'a=1; Path=/, b=x=y', 'x-two': '1, 2' },
      cookies: { a: '1', b: 'x=y' },
      cookieText: 'a=1; b=x=y',
      body: Buffer.from(body),
    })
  })
  it.each<[string, string]>([
    [
      '\n000 0 0 http://h/\n7 curl: (7) Failed to connect to h port 80: Connection refused ',
      'curl: (7) Failed to connect to h port 80: Connection refused',
    ],
    ['\n127 curl is missing', 'curl is missing'],
    ['', 'curl ended with status '],
  ])('may be none: %j', (output, trouble) => {
    expect(parseAnswer(Buffer.from(output))).toEqual({ trouble })
  })
  it('is told as Ansible tells it', () => {
    const args = { url: 'http://h/', status_code: [200], return_content: false }
    const good = uriResult(args, parseAnswer(said(FOLLOWED, '{"a":1}')))
    expect(good).toMatchObject({
      failed: false,
      status: 200,
      json: { a: 1 },
      x_two: '1, 2',
      content_type: 'application/json',
    })
    expect(good).not.toHaveProperty('content')
    expect(uriResult(args, parseAnswer(said('HTTP/1.1 404 Not Found\r\n\r\n', 'x', 404, 0)))).toMatchObject({
      failed: true,
      msg: 'Status code was 404 and not [200]: HTTP Error 404: Not Found',
      content: 'x',
    })
  })
})

it.each<[unknown, 'raw' | 'json' | 'form-urlencoded', string | undefined]>([
  [{ a: [1] }, 'json', '{"a":[1]}'],
  ['{"a":1}', 'json', '{"a":1}'],
  [{ a: 'b c', d: ['1', 2] }, 'form-urlencoded', 'a=b+c&d=1&d=2'],
  [
    [
      ['a', 'b'],
      ['a', 'c'],
    ],
    'form-urlencoded',
    'a=b&a=c',
  ],
  ['a=%20', 'form-urlencoded', 'a=%20'],
  ['text', 'raw', 'text'],
  [undefined, 'json', undefined],
])('writes the body %j as %s', (body, body_format, text) => {
  const made = bodyOf({ body, body_format })
  expect('bytes' in made ? made.bytes?.toString() : made.problem).toBe(text)
})

const HASH = 'a'.repeat(64)
describe('checksums', () => {
  it.each([
    [`sha256:${HASH}`, { algorithm: 'sha256', digest: HASH }],
    [`SHA256: ${HASH.toUpperCase()} `, { algorithm: 'sha256', digest: HASH }],
    ['md5:http://h/MD5SUMS', { algorithm: 'md5', url: 'http://h/MD5SUMS' }],
    ['crc:1', { problem: expect.stringContaining('checksum must be') as string }],
    ['sha1:xyz', { problem: expect.stringContaining('no digest') as string }],
  ])('%s', (text, wanted) => expect(parseChecksum(text)).toEqual(wanted))

  it.each([
    [`${HASH}  ./a%20b.iso\n`, 'http://h/x/a%20b.iso', null],
    [`${'b'.repeat(64)}  other\n${HASH} *a.iso\n`, 'http://h/x/a.iso?v=1', HASH],
    [`${HASH}\n`, 'http://h/a.iso', HASH],
    [`SHA256 (a.iso) = ${HASH}\n`, 'http://h/a.iso', HASH],
    ['<html>', 'http://h/a.iso', null],
  ])('in %j of %s', (text, url, digest) => expect(checksumIn(text, url)).toBe(digest))
})

it('reads what the download script printed', () => {
  expect(parseDownload('200\n5\n\nabc\ndef\nchanged\n')).toEqual({
    status: 200,
    size: 5,
    before: null,
    after: 'abc',
    md5: 'def',
    changed: true,
    backup: null,
  })
  expect(parseDownload('404\n')).toBeNull()
})
