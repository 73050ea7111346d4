import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { report, workplace, type Report } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

const at = 'http://127.0.0.1:8099'
const file = 'content of a file\n'.repeat(1000)
const sha = (name: string): string => createHash(name).update(file).digest('hex')

describe.skipIf(!labAvailable)('what asks web servers', () => {
  let lab: Lab
  let node: LabNode
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    const server = readFileSync(join(import.meta.dirname, 'web-server.py'))
    await node.sh('cat >/opt/server.py', { input: server.toString() })
    await node.sh('systemd-run --quiet --unit web-server python3 /opt/server.py')
    await node.sh(`curl -s --retry 20 --retry-connrefused --retry-delay 1 ${at}/log`)
  })
  afterAll(work.remove)

  const play = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file('web.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }
  /** What one task came to. */
  const one = async (task: object, ...more: readonly string[]) => {
    const done = await play([{ name: 'it', ...task }], ...more)
    const { outcome, message, result } = done.results.get('it @ n1') ?? {}
    return { outcome, message, result: result ?? {} }
  }
  const uri = (path: string, more: object = {}, ...options: readonly string[]) =>
    one({ uri: { url: `${at}${path}`, ...more } }, ...options)
  const get = (path: string, more: object, ...options: readonly string[]) =>
    one({ get_url: { url: `${at}${path}`, ...more } }, ...options)
  const asked = async (): Promise<readonly string[]> => JSON.parse(await node.sh(`curl -s ${at}/log`)) as string[]

  describe('uri', () => {
    it.each([[], ['--check']])('reads, also in a check %s', async (...options) => {
      const { outcome, result } = await uri(
        '/echo?a=b',
        { return_content: true, headers: { 'X-Token': 't"1\\' } },
        ...options,
      )
      expect(outcome).toBe('ok')
      expect(result).toMatchObject({
        status: 200,
        changed: false,
        url: `${at}/echo?a=b`,
        redirected: false,
        content_type: 'application/json; charset=utf-8',
        json: { method: 'GET', token: 't"1\\', agent: 'ansible-httpget', body: '' },
        content: expect.stringContaining('"method": "GET"') as string,
        msg: expect.stringMatching(/^OK \(\d+ bytes\)$/) as string,
      })
    })
    it('sends what it is given', async () => {
      const body = { a: [1, 2], b: 'ä "x"\n' }
      const json = await uri('/echo', { method: 'POST', body, body_format: 'json' })
      expect(json).toMatchObject({
        outcome: 'ok',
        result: { json: { method: 'POST', type: 'application/json', expect: null } },
      })
      const text = (json.result as { json: { body: string } }).json.body
      expect(JSON.parse(Buffer.from(text, 'latin1').toString())).toEqual(body)
      const form = await uri('/echo', {
        method: 'PUT',
        body: { n: 'a b', l: ['1', '2'] },
        body_format: 'form-urlencoded',
      })
      expect(form.result).toMatchObject({
        json: { method: 'PUT', body: 'n=a+b&l=1&l=2', type: 'application/x-www-form-urlencoded' },
      })
      work.file('sent', '@not a file\n\nnor an end\n')
      const raw = await uri('/echo', { method: 'PATCH', src: 'sent', headers: { 'Content-Type': 'text/x' } })
      expect(raw.result).toMatchObject({
        json: { method: 'PATCH', body: '@not a file\n\nnor an end\n', type: 'text/x' },
      })
      const remote = await uri('/echo', { method: 'POST', src: '/etc/hostname', remote_src: true })
      expect(remote.result).toMatchObject({ json: { method: 'POST', body: 'n1\n', type: null } })
    })
    it('tells of what a check would not ask', async () => {
      const before = await asked()
      expect(await uri('/created', { method: 'POST', status_code: [201] }, '--check')).toMatchObject({
        outcome: 'unknown',
      })
      expect(await asked()).toEqual(before)
      expect(await uri('/created', { method: 'POST', status_code: [201] })).toMatchObject({
        outcome: 'ok',
        result: { status: 201, json: { id: 7 } },
      })
    })
    it.each<[string, object, object]>([
      [
        '/none',
        {},
        { status: 404, msg: 'Status code was 404 and not [200]: HTTP Error 404: Not Found', content: 'nothing here' },
      ],
      ['/broken', { method: 'POST' }, { status: 500, content: 'oh no' }],
      ['/login', { url_username: 'ada', url_password: 'wrong' }, { status: 401 }],
    ])('fails where the answer is not one of those wanted: %s', async (path, more, result) => {
      expect(await uri(path, more)).toMatchObject({ outcome: 'failed', result })
    })
    it('takes other answers, logs in, keeps cookies apart and follows', async () => {
      expect(await uri('/none', { status_code: [200, 404] })).toMatchObject({ outcome: 'ok', result: { status: 404 } })
      expect(await uri('/login', { user: 'ada', password: 'pass word' })).toMatchObject({
        result: { json: { user: 'ada' } },
      })
      expect(await uri('/cookies')).toMatchObject({
        result: { cookies: { a: '1', b: 'x=y' }, cookies_string: 'a=1; b=x=y' },
      })
      expect(await uri('/moved')).toMatchObject({
        result: { url: `${at}/echo`, redirected: true, json: { method: 'GET' } },
      })
      const stays = await uri('/moved', { follow_redirects: 'none', status_code: 302 })
      expect(stays).toMatchObject({ result: { redirected: false, location: '/echo' } })
      const posted = await uri('/moved', { method: 'POST', body: 'x', follow_redirects: 'all' })
      expect(posted).toMatchObject({ result: { json: { method: 'GET', body: '' } } })
    })
    it('writes what is answered to a file, where that is new', async () => {
      const task = { dest: '/srv/answer', mode: '0640' }
      expect(await uri('/file', task)).toMatchObject({
        outcome: 'changed',
        result: { path: '/srv/answer', status: 200 },
      })
      expect(await node.sh('stat -c %a /srv/answer; sha256sum </srv/answer')).toBe(`640\n${sha('sha256')}  -\n`)
      expect(await uri('/file', task)).toMatchObject({ outcome: 'ok' })
      expect(await uri('/none', task)).toMatchObject({ outcome: 'failed' })
      expect(await node.sh('sha256sum </srv/answer')).toBe(`${sha('sha256')}  -\n`)
      expect(await uri('/file', { ...task, creates: '/srv/answer' })).toMatchObject({
        outcome: 'ok',
        result: { msg: "skipped, since '/srv/answer' exists" },
      })
    })
    it('says why there is no answer', async () => {
      const refused = await one({ uri: { url: 'http://127.0.0.1:1/' } })
      expect(refused).toMatchObject({ outcome: 'failed', result: { status: -1 } })
      expect(refused.message).toMatch(/Status code was -1 and not \[200\]: .*(refused|connect)/i)
      expect(await one({ uri: { url: 'gopher://x' } })).toMatchObject({ outcome: 'failed' })
    })
    it('keeps secrets off every command line', async () => {
      const spy = `timeout 3 sh -c 'while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; done' >/srv/seen &`
      await node.sh(`${spy} :`)
      await uri('/login', { user: 'ada', password: 'pass word', method: 'POST', body: 'sesame' })
      await uri('/login', { user: 'ada', password: 'pass word' })
      expect(await node.sh('sleep 3; grep -a -c -e "pass word" -e sesame /srv/seen || :')).toBe('0\n')
    })
  })

  describe('get_url', () => {
    it('downloads once', async () => {
      const task = { dest: '/srv/got', mode: '0604', checksum: `sha256:${at}/SHA256SUMS` }
      expect(await get('/file', task, '--check')).toMatchObject({
        outcome: 'changed',
        result: { size: file.length, mode: '0604' },
      })
      expect(await node.sh('ls /srv')).not.toContain('got')
      expect(await get('/file', task)).toMatchObject({
        outcome: 'changed',
        result: {
          status_code: 200,
          checksum_src: sha('sha1'),
          checksum_dest: null,
          md5sum: sha('md5'),
          size: file.length,
        },
      })
      expect(await node.sh('stat -c %a /srv/got; sha256sum </srv/got')).toBe(`604\n${sha('sha256')}  -\n`)
      expect(await get('/file', task)).toMatchObject({ outcome: 'ok' })
      expect(await get('/file', { dest: '/srv/got' })).toMatchObject({ outcome: 'ok' })
      expect(await get('/file', { dest: '/srv/got', mode: '0600' })).toMatchObject({ outcome: 'changed' })
    })
    it('replaces what differs, and keeps it if told to', async () => {
      await node.sh('echo other >/srv/old; chmod 640 /srv/old')
      const task = { dest: '/srv/old', force: true, backup: true }
      expect(await get('/file', task, '--check')).toMatchObject({ outcome: 'changed' })
      const done = await get('/file', task)
      expect(done).toMatchObject({
        outcome: 'changed',
        result: { backup_file: expect.stringMatching(/^\/srv\/old\.\d+/) as string },
      })
      expect(await node.sh('stat -c %a /srv/old; sha256sum </srv/old; cat /srv/old.*')).toBe(
        `640\n${sha('sha256')}  -\nother\n`,
      )
      expect(await get('/file', task, '--check')).toMatchObject({ outcome: 'ok' })
      expect(await get('/file', task)).toMatchObject({ outcome: 'ok' })
    })
    it('takes the name that the server gives, and never a way out', async () => {
      expect(await get('/attached', { dest: '/srv' })).toMatchObject({
        outcome: 'changed',
        result: { dest: '/srv/given.bin' },
      })
      expect(await get('/file', { dest: '/srv/' })).toMatchObject({ result: { dest: '/srv/file' } })
    })
    it.each<[string, object, RegExp]>([
      ['/none', { dest: '/srv/x' }, /HTTP Error 404/],
      ['/file', { dest: '/none/x' }, /Destination \/none does not exist/],
      ['/file', { dest: '/srv/x', checksum: 'sha256:' + '0'.repeat(64) }, /checksum for \/srv\/x did not match/],
      ['/attached', { dest: '/srv/x', checksum: `sha256:${at}/SHA256SUMS` }, /Unable to find a checksum/],
      ['/file', { dest: '/srv/x', checksum: 'crc:1' }, /checksum must be/],
    ])('fails and leaves nothing: %s %o', async (path, more, message) => {
      const { outcome, message: said } = await get(path, more)
      expect(outcome).toBe('failed')
      expect(said).toMatch(message)
      expect(await node.sh('ls -A /srv')).not.toMatch(/\bx\b|drover/)
    })
    it('makes do with wget, but not for what is secret', async () => {
      await node.sh('mv /usr/bin/curl /usr/bin/curl.away')
      try {
        expect(await get('/file', { dest: '/srv/by-wget' })).toMatchObject({ outcome: 'changed' })
        expect(await node.sh('sha256sum </srv/by-wget')).toBe(`${sha('sha256')}  -\n`)
        const secret = await get('/login', { dest: '/srv/no', url_username: 'a', url_password: 'b' })
        expect(secret.message).toMatch(/needs curl on the host/)
        expect((await one({ uri: { url: `${at}/echo` } })).message).toMatch(/uri needs curl on the host/)
      } finally {
        await node.sh('mv /usr/bin/curl.away /usr/bin/curl')
      }
    })
  })

  it('leave nothing behind', async () => {
    const before = await belongings(node)
    await play([
      { uri: { url: `${at}/file`, dest: '/srv/left', method: 'GET' } },
      { uri: { url: `${at}/echo`, method: 'POST', body: 'x' } },
      { get_url: { url: `${at}/file`, dest: '/srv/left2' } },
    ])
    expect(await leftOn(node, before)).toEqual([])
  })
})
