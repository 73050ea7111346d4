import { afterEach, describe, expect, it } from 'vitest'
import { defineFact, type Fact } from '../../../modules/fact.ts'
import { content } from '../../../modules/facts/content.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { processesWith, marker } from '../transport/processes.ts'
import { type LocalOptions, type LocalSubject, localSubject } from './local-subject.ts'

let local: LocalSubject | undefined
afterEach(() => local?.close())
const start = async (options?: LocalOptions): Promise<LocalSubject> => (local = await localSubject(options))

/** A kind that prints its parameter, or runs it where it is a script in braces; many at once with `together`. */
function kind(name: string, together: boolean): (param: string) => Fact<string> {
  return defineFact<string, string>({
    name,
    script: (params) => params.map((param) => (param.startsWith('{') ? `${param}\n` : `echo ${param}\n`)).join(''),
    ...(together
      ? {
          split: (output: Buffer) =>
            output
              .toString()
              .split('\n')
              .slice(0, -1)
              .map((line) => Buffer.from(line)),
        }
      : {}),
    parse: (raw) => raw.toString().trim(),
  })
}

describe('reading', () => {
  it('reads two thousand facts in one request, and more in as few as their size asks for', async () => {
    const { host, connection, directory } = await start()
    const facts = Array.from({ length: 2000 }, (_, index) => stat(`${directory}/${index}`))
    const before = connection.meter.requests
    const readings = await host.read([...facts, content('/etc/passwd'), ...facts])
    expect(connection.meter.requests).toBe(before + 1)
    expect(readings).toHaveLength(4001)
    expect(readings.filter((reading) => reading.kind === 'raw' && reading.raw.toString() === '-\n')).toHaveLength(4000)
    const long = Array.from({ length: 2000 }, (_, index) => stat(`${directory}/${'x'.repeat(250)}${index}`))
    await host.read(long)
    expect(connection.meter.requests).toBe(before + 1 + 4)
  })

  it('keeps kinds apart: directory, variables, functions, options, exit, standard input', async () => {
    const { host } = await start()
    const one = kind('one', false)
    const facts = [
      '{ cd /; a=1; f() { echo f; }; set -eu; exit 5; }',
      '{ echo "$a$(f 2>/dev/null)"; cat; }',
      '{ false; }',
      'last',
    ]
    const readings = await host.read(facts.map(one))
    expect(readings.map((reading) => reading.kind === 'raw' && reading.raw.toString())).toEqual([
      '',
      '\n',
      '',
      'last\n',
    ])
  })

  it('is told in the C locale', async () => {
    const { host } = await start({ preamble: 'LANG=de_DE.UTF-8; LC_MESSAGES=de_DE.UTF-8; export LANG LC_MESSAGES' })
    expect(await host.read([kind('one', false)('{ echo "$LC_ALL $LANGUAGE"; }')])).toEqual([
      { kind: 'raw', raw: Buffer.from('C C\n') },
    ])
  })

  it('gives up what hangs, says so, and reads what stands before and behind it', async () => {
    const { host } = await start({ readDeadline: 500 })
    const id = marker()
    const one = kind('one', false)
    const readings = await host.read([one('a'), one(`{ echo x; sleep ${id}; }`), one('b'), stat('/no')])
    expect(readings).toEqual([
      { kind: 'raw', raw: Buffer.from('a\n') },
      { kind: 'unreadable', message: `cannot read one:{ echo x; sleep ${id}; }: no answer within 0.5 s` },
      { kind: 'raw', raw: Buffer.from('b\n') },
      { kind: 'raw', raw: Buffer.from('-\n') },
    ])
    expect(processesWith(`sleep ${id}`)).toEqual([])
  })

  it('tells which one of many hangs', async () => {
    const { host, connection } = await start({ readDeadline: 400 })
    const many = kind('many', true)
    const hanging = many('{ sleep 1000; }')
    const readings = await host.read([many('a'), many('b'), hanging, many('c'), kind('one', false)('d')])
    expect(readings.map((reading) => reading.kind)).toEqual(['raw', 'raw', 'unreadable', 'raw', 'raw'])
    // The batch, one by one up to the one that hangs, and what is left; the others end what hangs.
    expect(connection.meter.requests).toBeGreaterThanOrEqual(3)
  })

  it('does not wait for each of many that hang', async () => {
    const { host } = await start({ readDeadline: 300 })
    const many = kind('many', true)
    const facts = Array.from({ length: 30 }, (_, index) => many(`{ sleep 1000; : ${index}; }`))
    const readings = await host.read([...facts, stat('/no')])
    expect(readings.filter(({ kind: is }) => is === 'unreadable')).toHaveLength(30)
    expect(readings[29]).toMatchObject({
      message: expect.stringMatching(/others of its kind gave no answer$/) as string,
    })
    expect(readings[30]).toMatchObject({ kind: 'raw' })
  })

  it('says what a script said that ended the reading', async () => {
    const { host } = await start()
    const one = kind('one', false)
    const readings = await host.read([
      one('{ echo quiet >&2; }'),
      one(
        '{ echo "all is lost" >&2; read -r p _ </proc/self/stat; kill -KILL $(awk "{ print \\$4 }" /proc/$p/stat); }',
      ),
      one('b'),
    ])
    expect(readings[1]).toMatchObject({ message: expect.stringMatching(/: all is lost$/) as string })
    expect(readings[2]).toMatchObject({ raw: Buffer.from('b\n') })
  })
})
