import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { defineFact } from '../../../modules/fact.ts'
import { run } from '../../../modules/step.ts'
import { hostContract, perform, see } from './contract.ts'
import { MemoryHost } from './memory-host.ts'

/** `grep -q WORD FILE`, the validator of the contract. */
hostContract('in memory', () => {
  const host = new MemoryHost({
    run: (action, files) => {
      const [word = '', path = ''] = action.do === 'run' ? action.argv.slice(-2) : []
      return { status: files.get(path)?.content.includes(word) === true ? 0 : 1 }
    },
  })
  host.write('/contract/file', '')
  return Promise.resolve({ host, directory: '/contract', close: () => Promise.resolve() })
})

describe('a host in memory', () => {
  it('answers further kinds of facts and runs commands as it is told', async () => {
    const release = defineFact<string, string>({ name: 'release', script: () => '', parse: (raw) => raw.toString() })
    const host = new MemoryHost({
      facts: { release: () => 'bookworm' },
      run: (action, files, environment) => {
        files.get('/etc/log')
        return { status: 3, stdout: JSON.stringify([action.do, environment]) }
      },
    })
    expect(await see(host, release(''))).toBe('bookworm')
    const done = await perform(host, [run('x')], { environment: { A: 'b' } })
    expect(done.results[0]?.stdout.toString()).toBe('["run",{"A":"b"}]')
    expect(done.failure?.message).toBe('cannot run x: exit status 3: ["run",{"A":"b"}]')
    const unknown = defineFact<string, string>({ name: 'other', script: () => '', parse: (raw) => raw.toString() })
    await expect(see(host, unknown(''))).rejects.toThrow('no answer')
  })

  it('is light: ten thousand of them write and read a file each', async () => {
    const hosts = Array.from({ length: 10_000 }, () => new MemoryHost())
    for (const host of hosts) host.write('/etc/motd', 'hello')
    const read = await Promise.all(hosts.map((host) => see(host, content('/etc/motd'))))
    expect(read.every((text) => text?.toString() === 'hello')).toBe(true)
  })
})
