import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCuttingProxy, type CuttingProxy } from '../transport/cutting-proxy.ts'
import { remaining } from '../transport/processes.ts'
import { startSshd, type TestSshd } from '../transport/sshd.ts'
import { play, type Played, scratch } from './harness.ts'

/** Its command makes a whole file at once, or none: what one that a cut kills leaves half done would be its own fault. */
const playbook = `- hosts: a
  gather_facts: false
  tasks:
    - file: { path: "{{ there }}/conf", state: directory }
    - copy: { dest: "{{ there }}/conf/small", content: "new\\n" }
    - copy: { src: large, dest: "{{ there }}/conf/large" }
    - template: { src: hello.j2, dest: "{{ there }}/conf/hello" }
    - ini_set: { path: "{{ there }}/conf/x.ini", section: s, option: o, value: "new" }
    - lineinfile: { path: "{{ there }}/conf/lines", regexp: "^a=", line: "a=new" }
    - command: { cmd: "ln {{ there }}/conf/small {{ there }}/conf/linked", creates: "{{ there }}/conf/linked" }
    - file: { path: "{{ there }}/conf/link", src: small, state: link }
`
/** Sent in a request of its own. */
const large = Buffer.alloc(300_000, 'large\n').toString()
const files = { large, 'hello.j2': 'hello {{ inventory_hostname }}\n' }

/** What is there before the run, and what is to be there after it. */
const before = {
  small: 'old\n',
  hello: 'old\n',
  'x.ini': '# kept\n[s]\no = old\n',
  lines: 'a=old\nb=1\n',
}
const after = {
  small: 'new\n',
  large,
  hello: 'hello a\n',
  'x.ini': '# kept\n[s]\no = new\n',
  lines: 'a=new\nb=1\n',
  linked: 'new\n',
  link: 'new\n',
}

let sshd: TestSshd
let proxy: CuttingProxy
beforeAll(async () => {
  sshd = await startSshd()
  proxy = await startCuttingProxy(sshd.port)
})
afterAll(async () => {
  await proxy?.stop()
  await sshd?.stop()
})

/** A directory that stands for a host's, with the old files in it. */
function host(): string {
  const there = scratch()
  mkdirSync(join(there, 'conf'))
  for (const [name, text] of Object.entries(before)) writeFileSync(join(there, 'conf', name), text)
  return there
}

const run = (there: string): Promise<Played> =>
  play({
    playbook,
    files,
    extraVars: { there },
    inventory: sshd.inventoryLine('a', proxy.port),
  })

const contents = (there: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(there, 'conf')).map((name) => [name, readFileSync(join(there, 'conf', name), 'utf8')]),
  )

/** Files that are neither as they were nor as they are to be; a shell that has lost its line tidies up a moment later. */
async function broken(there: string): Promise<readonly unknown[]> {
  const temporary = (): readonly string[] => readdirSync(join(there, 'conf')).filter((name) => name.startsWith('.'))
  const left = await remaining(temporary)
  const whole = new Set([before, after].flatMap(Object.entries).map(([name, text]) => `${name}: ${text}`))
  const torn = Object.entries(contents(there)).filter(([name, text]) => !whole.has(`${name}: ${text}`))
  return [...left, ...torn.map(([name, text]) => [name, text.slice(0, 100)])]
}

/** The files of the host of which a run says that it had written them. */
const toldOf = (played: Played): readonly string[] =>
  (played.recap['a']?.done ?? []).flatMap((subject) => /\/conf\/(\w+(?:\.ini)?) \(\w+\)$/.exec(subject)?.[1] ?? [])

describe('a line to a real sshd that is cut at any round trip', () => {
  test.each([
    ['before it is heard', 'before', false],
    ['when the answer comes', 'after', false],
    ['when the answer comes, for good', 'after', true],
  ] as const)(
    '%s: converges or says what was done, and converges when run again',
    async (_name, when, forGood) => {
      const statuses = new Set<number>()
      const told = new Set<string>()
      // Until a run is over before it is cut.
      let turn = 0
      for (let over = false; !over;) {
        turn++
        const there = host()
        proxy.cutAtTurn(turn, when, forGood)
        const played = await run(there)
        over = proxy.isCutComing
        const found = contents(there)
        const names = toldOf(played)
        for (const name of names) told.add(name)
        statuses.add(played.exitStatus)
        expect({
          turn,
          broken: await broken(there),
          untrue: names.filter((name) => found[name] !== after[name as keyof typeof after]),
          unreachable: played.recap['a']?.unreachable,
        }).toEqual({ turn, broken: [], untrue: [], unreachable: played.exitStatus === 4 ? 1 : 0 })
        await proxy.listen()
        const again = played.exitStatus === 0 ? played : await run(there)
        expect({ turn, status: again.exitStatus, files: contents(there) }).toEqual({ turn, status: 0, files: after })
      }
      expect(turn).toBeGreaterThan(10)
      expect(statuses).toContain(forGood ? 4 : 0)
      expect(told.size > 3 || !forGood).toBe(true)
    },
    300_000,
  )
})
