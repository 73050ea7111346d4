import { beforeEach, describe, expect, it } from 'vitest'
import { askFact, defineFact, UnreadableFact } from '../../../modules/fact.ts'
import { nothingBrought } from '../../../modules/facts/brought.ts'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { sqlQuestion } from '../../../modules/facts/sql-answer.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { unit } from '../../../modules/facts/unit.ts'
import { UnknownFact } from '../../../modules/module.ts'
import { anything, beneath, becomes, type Effect, stale, started } from '../../../modules/step.ts'
import type { Host, Reading } from '../../../runner/host/host.ts'
import { FactStore, Observation, type View } from '../../../runner/host/store.ts'
import { touchedFacts } from '../../../runner/host/touches.ts'
import { MemoryHost } from './memory-host.ts'

const broken = defineFact<string, string>({
  name: 'broken',
  script: () => '',
  parse: () => {
    throw new UnreadableFact('cannot make sense of it')
  },
})
const clock = defineFact<string, string>({ name: 'clock', script: () => '', parse: String, volatile: true })
const release = defineFact<string, string>({ name: 'release', script: () => '', parse: String })
const service = (name: string) =>
  askFact(name, 'it', sqlQuestion({ addresses: [], user: 'root' }, []), ({ kind }) => kind)
const text = async (view: View, path: string): Promise<string | undefined> =>
  (await view.get(content(path)))?.toString()

describe('the store of facts', () => {
  let host: MemoryHost
  let store: FactStore
  let view: View
  beforeEach(() => {
    host = new MemoryHost({
      facts: { broken: () => '?', clock: () => '12:00', release: () => 'bookworm', unit: () => '' },
    })
    for (const path of ['/f', '/g', '/d/e/h']) host.write(path, path)
    store = new FactStore()
    view = store.as('root', host)
  })

  /** A host whose answers wait until they are let through. */
  const slow = (): { readonly view: View; readonly letThrough: () => void; readonly asked: () => number } => {
    const waiting: (() => void)[] = []
    let asked = 0
    const reader: Host = {
      read: async (facts) => {
        const readings = await host.read(facts)
        asked++
        await new Promise<void>((resolve) => waiting.push(resolve))
        return readings
      },
      perform: (work) => host.perform(work),
    }
    return { view: store.as('slow', reader), letThrough: () => waiting.shift()?.(), asked: () => asked }
  }

  it('asks no host for what is given, which only a check may not know', async () => {
    const { view: own, asked } = slow()
    const looked = new Observation(own, () => expect.unreachable('nothing is to be asked'))
    expect(await looked.get(nothingBrought())).toBe(null)
    store.predict([stale(nothingBrought())])
    await expect(own.get(nothingBrought())).rejects.toBeInstanceOf(UnknownFact)
    expect(asked()).toBe(0)
  })

  it('reads what is asked for in one tick at once, each once, and keeps it', async () => {
    const both = await Promise.all([text(view, '/f'), text(view, '/g'), text(view, '/f'), view.get(stat('/no'))])
    expect(both).toEqual(['/f', '/g', '/f', null])
    expect(await text(view, '/f')).toBe('/f')
    expect(host.reads).toEqual([['content:/f', 'content:/g', 'stat:/no']])
    expect([view.has(content('/f')), view.has(content('/d/e'))]).toEqual([true, false])
  })

  it('joins what is asked for a few promises later', async () => {
    const later = async (path: string): Promise<string | undefined> => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      return text(view, path)
    }
    await Promise.all([text(view, '/f'), later('/g')])
    expect(host.reads).toHaveLength(1)
  })

  it('waits with the batch while something is being prepared', async () => {
    const prepared = store.hold(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      void text(view, '/g')
    })
    expect(await text(view, '/f')).toBe('/f')
    await prepared
    expect(host.reads).toEqual([['content:/f', 'content:/g']])
  })

  it('waits for all that is being prepared, and no longer when that fails', async () => {
    const outer = store.hold(async () => {
      await expect(store.hold(() => Promise.reject(new Error('no such template')))).rejects.toThrow('no such')
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(host.reads).toEqual([])
    })
    const asked = text(view, '/f')
    await outer
    expect(await asked).toBe('/f')
  })

  it('keeps identities apart, and what check mode predicts together', async () => {
    const other = store.as('mysql', new MemoryHost())
    expect([await text(view, '/f'), await text(other, '/f')]).toEqual(['/f', undefined])
    store.predict([becomes(content('/f'), Buffer.from('new'))])
    expect([await text(view, '/f'), await text(other, '/f')]).toEqual(['new', 'new'])
    expect(store.as('root', new MemoryHost())).toBe(view)
  })

  it('rejects what check mode cannot know, without asking the host', async () => {
    store.predict([stale(content('/f'))])
    expect(view.has(content('/f'))).toBe(true)
    await expect(view.get(content('/f'))).rejects.toBeInstanceOf(UnknownFact)
    expect(host.reads).toEqual([])
  })

  it('rejects what cannot be read or understood, each time, without asking again', async () => {
    const missing = defineFact<string, string>({ name: 'missing', script: () => '', parse: String })
    for (let twice = 0; twice < 2; twice++) {
      await expect(view.get(broken(''))).rejects.toThrow(UnreadableFact)
      await expect(view.get(missing(''))).rejects.toThrow(/cannot read missing/)
    }
    expect(host.reads).toHaveLength(2)
  })

  it('rejects all who wait for a batch that fails, and reads again when asked again', async () => {
    let failing = true
    const flaky: Host = {
      read: (facts) => (failing ? Promise.reject(new Error('the line is lost')) : host.read(facts)),
      perform: (work) => host.perform(work),
    }
    const other = store.as('flaky', flaky)
    const asked = ['/f', '/g', '/f'].map((path) => text(other, path))
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    failing = false
    expect(await Promise.all([text(other, '/f'), text(other, '/g')])).toEqual(['/f', '/g'])
  })

  it('does not know what a service will say that does not answer before something is started', async () => {
    host = new MemoryHost({ facts: { up: () => '{"kind":"answered"}', down: () => '{"kind":"down"}' } })
    view = store.as('apart', host)
    expect(await view.get(service('down'))).toBe('down')
    store.predict([started])
    await expect(view.get(service('down'))).rejects.toThrow(UnknownFact)
    expect(await view.get(service('up'))).toBe('answered')
  })

  it('forgets when told to, and keeps predictions', async () => {
    await Promise.all([text(view, '/f'), text(view, '/g')])
    store.predict([becomes(content('/g'), Buffer.from('new'))])
    host.write('/f', 'changed')
    store.forget()
    expect([await text(view, '/f'), await text(view, '/g')]).toEqual(['changed', 'new'])
  })

  it.each<[string, Effect, readonly string[]]>([
    ['what a step names, and all about the same path', becomes(content('/f'), null), ['content:/f', 'stat:/f']],
    ['the same where it is stale', stale(stat('/f')), ['content:/f', 'stat:/f']],
    ['what is below a directory', beneath('/d', 'unknown'), ['content:/d/e/h']],
    ['a unit whose file changes', stale(checksum('/etc/systemd/system/a.service')), ['unit:a.service']],
    [
      'everything after an opaque command',
      anything,
      ['content:/d/e/h', 'content:/f', 'content:/g', 'release:', 'stat:/f', 'unit:a.service'],
    ],
    ['nothing where nothing of it is known', stale(content('/no')), []],
  ])('drops %s', async (_name, effect, expected) => {
    const facts = [content('/f'), stat('/f'), content('/g'), content('/d/e/h'), unit('a.service'), release('')]
    const ask = (): Promise<unknown> => Promise.allSettled(facts.map((fact) => view.get<unknown>(fact)))
    await ask()
    store.touched([effect])
    await ask()
    expect((host.reads[1] ?? []).toSorted()).toEqual(expected)
  })

  it('compares before performing what was read as it stood, not what changes by itself', async () => {
    const facts = [content('/f'), clock(''), stat('/no')]
    const observation = new Observation(view, () => {})
    await Promise.all(facts.map((fact) => observation.get<unknown>(fact)))
    // What another task touches meanwhile is compared all the same.
    store.touched([anything])
    expect(observation.basis([...facts, content('/g')]).map(({ fact, raw }) => [fact.key, raw.toString()])).toEqual([
      ['content:/f', 'f/f'],
      ['stat:/no', '-\n'],
    ])
    const observed = [content('/f'), stat('/f'), content('/g'), content('/d/e')]
    const touched = touchedFacts(observed, [becomes(stat('/f'), null), beneath('/d', 'absent'), anything])
    expect(touched.map((fact) => fact.key)).toEqual(['content:/f', 'stat:/f', 'content:/d/e'])
  })

  describe('while a reading is under way', () => {
    it.each<[string, Effect]>([
      ['the same', becomes(content('/f'), null)],
      ['something else about the path', stale(stat('/f'))],
      ['what is around it', beneath('/', 'unknown')],
      ['anything', anything],
    ])('reads again what is older than a touch of %s', async (_name, effect) => {
      const { view: other, letThrough, asked } = slow()
      const read = text(other, '/f')
      await expect.poll(asked).toBe(1)
      host.write('/f', 'touched')
      store.touched([effect])
      letThrough()
      await expect.poll(asked).toBe(2)
      letThrough()
      expect(await read).toBe('touched')
      expect(await text(other, '/f')).toBe('touched')
      expect(asked()).toBe(2)
    })

    it('keeps what nobody touched', async () => {
      const { view: other, letThrough, asked } = slow()
      const read = text(other, '/g')
      await expect.poll(asked).toBe(1)
      store.touched([becomes(content('/f'), null)])
      letThrough()
      expect(await read).toBe('/g')
      expect(other.has(content('/g'))).toBe(true)
    })

    it('takes what was learnt meanwhile instead', async () => {
      const { view: other, letThrough, asked } = slow()
      const read = text(other, '/f')
      await expect.poll(asked).toBe(1)
      store.touched([becomes(content('/f'), null)])
      other.learn(content('/f'), { kind: 'raw', raw: Buffer.from('flearnt') })
      letThrough()
      expect([await read, await text(other, '/f'), asked()]).toEqual(['learnt', 'learnt', 1])
    })

    it('answers, and keeps nothing, when all is forgotten', async () => {
      const { view: other, letThrough, asked } = slow()
      const read = text(other, '/f')
      await expect.poll(asked).toBe(1)
      store.forget()
      letThrough()
      expect(await read).toBe('/f')
      expect(other.has(content('/f'))).toBe(false)
    })
  })

  it('takes over what was read elsewhere', async () => {
    const reading: Reading = { kind: 'raw', raw: Buffer.from('flearnt') }
    view.learn(content('/f'), reading)
    expect(await text(view, '/f')).toBe('learnt')
    expect(host.reads).toEqual([])
  })

  it('remembers what a task observed, and says at once when the host is to be asked', async () => {
    const misses: number[] = []
    const observation = new Observation(view, () => misses.push(host.reads.length))
    await observation.get(content('/f'))
    await observation.get(content('/f'))
    await observation.get(content('/g'))
    expect([...observation.observed.keys()]).toEqual(['content:/f', 'content:/g'])
    expect(misses).toEqual([0, 1])
  })
})
