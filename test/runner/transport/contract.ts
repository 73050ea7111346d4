import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Address } from '../../../modules/question.ts'
import type { Connection, Reply, RequestOptions, Shell } from '../../../runner/transport/transport.ts'
import { marker, processesWith, remaining } from './processes.ts'

const text = ({ status, stdout, stderr }: Reply): unknown => ({
  status,
  stdout: stdout.toString(),
  stderr: stderr.toString(),
})
const checksum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const LOGIN = { kind: 'login' } as const

/** What holds on every transport alike. `open` gives a fresh connection; `channelTrips` is what the opening of a shell waits for. */
export function transportContract(name: string, open: () => Promise<Connection>, channelTrips: number): void {
  // oxlint-disable-next-line vitest/valid-title -- the transport's name is the title
  describe(name, () => {
    let connection: Connection
    let shell: Shell
    beforeAll(async () => {
      connection = await open()
      shell = await connection.shell(LOGIN)
    })
    afterAll(() => connection?.close())

    const run = async (script: string, options?: RequestOptions): Promise<unknown> =>
      text(await shell.request(script, options))

    it.each<[string, string, { status: number; stdout: string; stderr: string }]>([
      ['a status of 0', 'true', { status: 0, stdout: '', stderr: '' }],
      ['a failing status', 'false', { status: 1, stdout: '', stderr: '' }],
      ['the last command’s status', 'false; (exit 7)', { status: 7, stdout: '', stderr: '' }],
      ['exit', 'echo a; exit 3; echo b', { status: 3, stdout: 'a\n', stderr: '' }],
      ['the largest status', 'exit 255', { status: 255, stdout: '', stderr: '' }],
      [
        'a signal',
        "sh -c 'kill -KILL $$'; echo $?",
        { status: 0, stdout: '137\n', stderr: expect.anything() as string },
      ],
      ['its own end by a signal', "exec sh -c 'kill -KILL $$'", { status: 137, stdout: '', stderr: '' }],
      ['streams apart', 'echo out; echo err >&2; echo out2', { status: 0, stdout: 'out\nout2\n', stderr: 'err\n' }],
      [
        'streams opened by name',
        'echo a >/dev/stderr; echo b >/dev/stdout',
        { status: 0, stdout: 'b\n', stderr: 'a\n' },
      ],
      ['no final newline', 'printf a; printf b >&2', { status: 0, stdout: 'a', stderr: 'b' }],
      ['an empty script', '', { status: 0, stdout: '', stderr: '' }],
      ['a comment', '# nothing', { status: 0, stdout: '', stderr: '' }],
      ['closed output', 'exec >&- 2>&-; exit 4', { status: 4, stdout: '', stderr: '' }],
      ['end of standard input', 'cat; read -r line; echo $?', { status: 0, stdout: '1\n', stderr: '' }],
      ['unicode', "echo 'žluťoučký 🐎'", { status: 0, stdout: 'žluťoučký 🐎\n', stderr: '' }],
      [
        'all quoting',
        `printf '%s' "it's" '"' '\\n' '$HOME' \`echo x\``,
        { status: 0, stdout: 'it\'s"\\n$HOMEx', stderr: '' },
      ],
      [
        'a here-document',
        "cat <<'END'\nit's $HOME\nEND\necho after",
        { status: 0, stdout: "it's $HOME\nafter\n", stderr: '' },
      ],
      ['set -e', 'set -e; false; echo not', { status: 1, stdout: '', stderr: '' }],
      ['an exit trap', "trap 'echo bye' EXIT; exit 2", { status: 2, stdout: 'bye\n', stderr: '' }],
      [
        'a signal to the process group',
        'trap "" TERM; kill 0; echo alive',
        { status: 0, stdout: 'alive\n', stderr: '' },
      ],
      [
        'no descriptor beyond the three',
        'echo x 2>/dev/null >&3 && echo open; exit 0',
        { status: expect.any(Number) as number, stdout: '', stderr: '' },
      ],
    ])('answers %s', async (_name, script, answer) => {
      expect(await run(script)).toEqual(answer)
    })

    it.each(['if then', 'echo "', '(', 'fi', "'", 'cat <<END', 'echo $((', '}'])(
      'survives the syntax error %j',
      async (script) => {
        const reply = await shell.request(script)
        expect(reply.stdout.toString()).toBe('')
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      },
    )

    it('lets no variable, directory, umask, function, option or trap through to the next request', async () => {
      const state = 'pwd; umask; set -- ; echo "$#$drover_test$-"; type drover_f 2>/dev/null; trap'
      const before = await run(state)
      await run('cd /; umask 077; drover_test=1; export drover_test; drover_f() { :; }; set -u; trap "echo x" EXIT')
      expect(await run(state)).toEqual(before)
    })

    it('tells the script nothing of the frame', async () => {
      const reply = await shell.request('set; env; export -p; echo "$*"; ps -o args= -p $$')
      expect(reply.stdout.toString()).not.toMatch(/[0-9a-f]{32}|drover_/)
    })

    it('gives all bytes as they are', async () => {
      const script = `i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done`
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
      const reply = await shell.request(`${script}; ${script} >&2`)
      expect(reply.stdout.equals(bytes)).toBe(true)
      expect(reply.stderr.equals(bytes)).toBe(true)
    })

    it('is not misled by output that imitates markers', async () => {
      const fake = `${'0'.repeat(32)} 0\n${'f'.repeat(31)}`
      expect(await run(`printf '%s' '${fake}'; exit 9`)).toEqual({ status: 9, stdout: fake, stderr: '' })
    })

    it('gives 100 MB of output whole', async () => {
      const reply = await shell.request('head -c 100000000 /dev/zero | tr "\\0" x; echo end')
      expect(reply.stdout.length).toBe(100_000_004)
      expect(reply.stdout.subarray(-6).toString()).toBe('xxend\n')
    }, 60_000)

    it('takes a script of 1 MB', async () => {
      const word = 'é'.repeat(500_000)
      const reply = await shell.request(`printf %s '${word}' | cksum; exit 6`)
      expect(reply.status).toBe(6)
      expect(reply.stdout.toString()).toMatch(/ 1000000\n$/)
    }, 60_000)

    it('answers many requests at once in their order', async () => {
      const order: number[] = []
      const replies = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const reply = await shell.request(`echo ${index}; echo e${index} >&2; exit ${index % 250}`)
          order.push(index)
          return text(reply)
        }),
      )
      expect(replies).toEqual(
        Array.from({ length: 200 }, (_, index) => ({
          status: index % 250,
          stdout: `${index}\n`,
          stderr: `e${index}\n`,
        })),
      )
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    })

    it('does not wait for what a script leaves running with its output', async () => {
      const id = marker()
      expect(await run(`sleep ${id} & echo started`)).toEqual({ status: 0, stdout: 'started\n', stderr: '' })
      expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      expect(processesWith(`sleep ${id}`)).toHaveLength(1)
      await run(`kill $(ps -A -o pid= -o args= | awk '/sleep [${id[0]}]${id.slice(1)}/ { print $1 }')`)
      expect(await remaining(() => processesWith(`sleep ${id}`))).toEqual([])
    })

    describe('ending', () => {
      it.each([
        ['a script that sleeps', (id: string) => `echo before; sleep ${id}; echo after`],
        ['a program in its place', (id: string) => `echo before; exec sleep ${id}`],
        ['children in the background', (id: string) => `echo before; sleep ${id} & sleep ${id}; echo after`],
        ['a pipeline in a subshell', (id: string) => `echo before; (sleep ${id}; :) | cat`],
        ['what ignores SIGTERM', (id: string) => `trap '' TERM; echo before; sleep ${id}; sleep ${id}`],
      ])('ends %s when its time is up', async (_name, script) => {
        const id = marker()
        const reply = await shell.request(script(id), { timeout: 200 })
        expect(reply).toMatchObject({ timedOut: true, overflowed: false })
        expect(reply.stdout.toString()).toBe('before\n')
        expect(reply.status).toBeGreaterThan(128)
        expect(processesWith(`sleep ${id}`)).toEqual([])
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      })

      it('lets a script clean up on SIGTERM', async () => {
        const reply = await shell.request('trap "echo cleaned; exit 5" TERM; while :; do sleep 0.1; done', {
          timeout: 300,
        })
        expect(reply).toMatchObject({ timedOut: true, status: 5 })
        expect(reply.stdout.toString()).toBe('cleaned\n')
      })

      it('ends output without end when its time is up', async () => {
        const reply = await shell.request('yes', { timeout: 200 })
        expect(reply.timedOut).toBe(true)
        expect(reply.stdout.length).toBeGreaterThan(0)
        expect(await run('echo next')).toMatchObject({ stdout: 'next\n' })
      })

      it('keeps no more than the limit of both streams', async () => {
        const id = marker()
        const reply = await shell.request(`yes >&2 & yes ${id}`, { limit: 100_000 })
        expect(reply).toMatchObject({ overflowed: true, timedOut: false })
        expect(reply.stdout.length + reply.stderr.length).toBe(100_000)
        expect(processesWith(`yes ${id}`)).toEqual([])
        expect(await shell.request('head -c 1000 /dev/zero', { limit: 1000 })).toMatchObject({
          overflowed: false,
          status: 0,
        })
      })

      it('ends it when the signal fires, and when it has fired before', async () => {
        const controller = new AbortController()
        const reply = shell.request('echo begun; sleep 100', { signal: controller.signal })
        await sleep(100)
        controller.abort()
        expect(await reply).toMatchObject({ timedOut: true })
        expect(await shell.request('sleep 100', { signal: AbortSignal.abort() })).toMatchObject({ timedOut: true })
      })

      it('does not touch the requests behind it', async () => {
        const first = shell.request('sleep 100', { timeout: 200 })
        const others = [shell.request('sleep 0.3; echo second'), shell.request('echo third', { timeout: 5_000 })]
        expect(await first).toMatchObject({ timedOut: true })
        expect((await Promise.all(others)).map(text)).toEqual([
          { status: 0, stdout: 'second\n', stderr: '' },
          { status: 0, stdout: 'third\n', stderr: '' },
        ])
      })

      it('opens a fresh shell after one that was killed', async () => {
        await expect(shell.request('kill -KILL $$')).rejects.toMatchObject({ name: 'ConnectionError', reason: 'lost' })
        expect(await run('echo back')).toEqual({ status: 0, stdout: 'back\n', stderr: '' })
      })
    })

    describe('upload', () => {
      it.each([0, 1, 8192, 5_000_000])('delivers %d bytes exactly', async (size) => {
        const bytes = randomBytes(size)
        const reply = await shell.request('sha256sum; exit 3', { upload: { stream: Readable.from([bytes]), size } })
        expect(reply.stdout.toString()).toBe(`${checksum(bytes)}  -\n`)
        expect(reply.status).toBe(3)
      })

      it('keeps script and bytes apart, whatever waits behind', async () => {
        const bytes = Buffer.from('echo not a script\n'.repeat(10_000))
        const replies = await Promise.all([
          shell.request('echo before'),
          shell.request('head -c 18', { upload: { stream: Readable.from([bytes]), size: bytes.length } }),
          shell.request('echo after'),
          shell.request('wc -c', { upload: { stream: Readable.from([bytes]), size: bytes.length } }),
        ])
        expect(replies.map((reply) => reply.stdout.toString().trim())).toEqual([
          'before',
          'echo not a script',
          'after',
          '180000',
        ])
      })

      it('ends an upload that nobody reads when its time is up', async () => {
        const endless = Readable.from(
          (function* () {
            for (;;) yield randomBytes(65_536)
          })(),
        )
        const id = marker()
        const reply = await shell.request(`sleep ${id}`, { timeout: 300, upload: { stream: endless, size: 2 ** 40 } })
        expect(reply.timedOut).toBe(true)
        expect(await remaining(() => processesWith(`sleep ${id}`))).toEqual([])
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      })

      it.each([
        ['fewer bytes than announced', () => Readable.from([Buffer.alloc(10)]), /990 bytes less/],
        ['more bytes than announced', () => Readable.from([Buffer.alloc(2000)]), /more than the 1000/],
        [
          'an error',
          () =>
            new Readable({
              read() {
                this.destroy(new Error('disk on fire'))
              },
            }),
          /disk on fire/,
        ],
      ])('rejects when the source has %s, and lives on', async (_name, source, message) => {
        await expect(shell.request('cat >/dev/null', { upload: { stream: source(), size: 1000 } })).rejects.toThrow(
          message,
        )
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      })
    })

    describe('download', () => {
      /** Takes bytes when it is told to, and knows what they were. */
      class Taker extends Writable {
        readonly #hash = createHash('sha256')
        size = 0
        #go: (() => void) | undefined
        #stopped: boolean

        constructor(stopped = false) {
          super({ highWaterMark: 65_536 })
          this.#stopped = stopped
        }

        override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
          this.#hash.update(piece)
          this.size += piece.length
          if (this.#stopped) this.#go = done
          else done()
        }

        go(): void {
          this.#stopped = false
          this.#go?.()
        }

        async digest(): Promise<string> {
          await new Promise<void>((resolve) => this.end(resolve))
          return this.#hash.digest('hex')
        }
      }

      it.each([0, 1, 8192, 5_000_000])('takes %d bytes as they are, with the rest of the answer', async (size) => {
        const bytes = randomBytes(size)
        const taker = new Taker()
        const file = join(mkdtempSync(join(tmpdir(), 'drover-download-')), 'file')
        writeFileSync(file, bytes)
        try {
          const script = `cat ${file}; echo said >&2; exit 3`
          const [reply, next] = await Promise.all([
            shell.request(script, { download: taker, limit: 100 }),
            run('echo next'),
          ])
          expect(text(reply)).toEqual({ status: 3, stdout: '', stderr: 'said\n' })
          expect(await taker.digest()).toBe(checksum(bytes))
          expect(next).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
        } finally {
          rmSync(join(file, '..'), { recursive: true })
        }
      })

      it('holds no more than a little of what is not taken yet', async () => {
        const size = 200_000_000
        const before = connection.meter.bytesReceived
        const taker = new Taker(true)
        const reply = shell.request(`head -c ${size} /dev/zero`, { download: taker })
        const held = (): number => connection.meter.bytesReceived - before - taker.size
        await expect.poll(() => taker.size, { interval: 10 }).toBeGreaterThan(0)
        // As long as nothing is taken, what comes in comes to an end.
        for (let last = -1; held() !== last; await sleep(200)) last = held()
        expect(held()).toBeLessThan(4_000_000)
        taker.go()
        expect(await reply).toMatchObject({ status: 0, timedOut: false })
        await taker.digest()
        expect(taker.size).toBe(size)
      })

      it('ends what nobody takes when its time is up', async () => {
        const id = marker()
        const taker = new Taker(true)
        const reply = await shell.request(`sh -c 'exec yes ${id}'`, { timeout: 300, download: taker })
        expect(reply.timedOut).toBe(true)
        expect(await remaining(() => processesWith(`yes ${id}`))).toEqual([])
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      })

      it('rejects with the error of what takes it, and lives on', async () => {
        const full = new Writable({ write: (_piece, _encoding, done) => done(new Error('no space left')) })
        full.on('error', () => {})
        await expect(shell.request('yes', { download: full })).rejects.toThrow('no space left')
        expect(await run('echo next')).toEqual({ status: 0, stdout: 'next\n', stderr: '' })
      })
    })

    it('holds no more than a little of an upload that is not read yet', async () => {
      const size = 100_000_000
      let read = 0
      const source = Readable.from(
        (function* () {
          for (; read < size; read += 65_536) yield Buffer.alloc(Math.min(65_536, size - read))
        })(),
        { highWaterMark: 1 },
      )
      const [shells, id] = [await open(), marker()]
      try {
        const fresh = await shells.shell(LOGIN)
        const over = new AbortController()
        const reply = fresh.request(`sh -c 'sleep ${id}; :'`, { upload: { stream: source, size }, signal: over.signal })
        await expect.poll(() => read, { interval: 10 }).toBeGreaterThan(0)
        for (let last = -1; read !== last; await sleep(200)) last = read
        expect(read).toBeLessThan(10_000_000)
        over.abort()
        await reply
      } finally {
        await shells.close()
      }
    })

    it('counts what it waits for', async () => {
      const counted = await open()
      try {
        const first = await counted.shell(LOGIN)
        expect(counted.meter).toMatchObject({ connects: 1, channels: 1, requests: 0, roundTrips: channelTrips })
        await first.request('true')
        expect(counted.meter).toMatchObject({ channels: 1, requests: 1, roundTrips: channelTrips + 1 })
        await Promise.all(Array.from({ length: 10 }, () => first.request('true')))
        expect(counted.meter).toMatchObject({ channels: 1, requests: 11, roundTrips: channelTrips + 2 })
        await first.request('cat', { upload: { stream: Readable.from([Buffer.from('abc')]), size: 3 } })
        expect(counted.meter).toMatchObject({ channels: 1, requests: 12, roundTrips: channelTrips + 4 })
        expect(await counted.shell(LOGIN)).toBe(first)
        expect(counted.meter).toMatchObject({ channels: 1 })
      } finally {
        await counted.close()
      }
    })

    describe('a stream to a service of the host', () => {
      const directory = mkdtempSync(join(tmpdir(), 'drover-dial-'))
      /** Says hello, then gives back what it gets, up to the end. */
      const echo = createServer((socket) => {
        socket.write('hello ')
        socket.pipe(socket)
      })
      const path = join(directory, 'echo.sock')
      afterAll(async () => {
        await new Promise((closed) => echo.close(closed))
        rmSync(directory, { recursive: true, force: true })
      })
      const listen = (at: number | string): Promise<unknown> => {
        const listening = once(echo, 'listening')
        if (typeof at === 'number') echo.listen(at, '127.0.0.1')
        else echo.listen(at)
        return listening
      }

      it('goes to a port, is counted, and ends when both sides have ended', async () => {
        await listen(0)
        const { port } = echo.address() as AddressInfo
        const sent = randomBytes(3_000_000)
        const { bytesSent, bytesReceived, channels } = connection.meter
        const received = await exchange(connection, { kind: 'tcp', host: '127.0.0.1', port }, sent)
        expect(checksum(received)).toBe(checksum(Buffer.concat([Buffer.from('hello '), sent])))
        expect(connection.meter.bytesSent - bytesSent).toBe(sent.length)
        expect(connection.meter.bytesReceived - bytesReceived).toBe(received.length)
        expect(connection.meter.channels - channels).toBe(1)
        await new Promise((closed) => echo.close(closed))
        await expect(connection.dial({ kind: 'tcp', host: '127.0.0.1', port })).rejects.toMatchObject({
          name: 'ConnectionError',
          reason: 'refused',
        })
        expect(await run('echo alive')).toMatchObject({ stdout: 'alive\n' })
      })

      it('goes to a unix socket', async () => {
        await listen(path)
        expect((await exchange(connection, { kind: 'unix', path }, Buffer.from('there'))).toString()).toBe(
          'hello there',
        )
        await expect(connection.dial({ kind: 'unix', path: `${path}.not` })).rejects.toMatchObject({
          reason: 'refused',
        })
      })
    })

    it('leaves no process after close, whatever was under way, and takes no more requests', async () => {
      const id = marker()
      const closing = await open()
      const busy = await closing.shell(LOGIN)
      const pid = (await busy.request('echo $$')).stdout.toString().trim()
      const under = busy.request(`sleep ${id}; :`)
      const behind = busy.request(`sleep ${id}`)
      const failures = [under.catch((error: unknown) => error), behind.catch((error: unknown) => error)]
      await remaining(() => (processesWith(`sleep ${id}`).length > 0 ? [] : ['not yet']))
      await closing.close()
      expect(await Promise.all(failures)).toMatchObject([{ reason: 'lost' }, { reason: 'lost' }])
      expect(await remaining(() => processesWith(`sleep ${id}`))).toEqual([])
      expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
      await expect(busy.request('true')).rejects.toMatchObject({ name: 'ConnectionError', reason: 'lost' })
    })
  })
}

/** What a service gives back for some bytes, up to the end of its stream. */
async function exchange(connection: Connection, address: Address, sent: Buffer): Promise<Buffer> {
  const stream = await connection.dial(address)
  const pieces: Buffer[] = []
  stream.end(sent)
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
