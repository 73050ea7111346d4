import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCuttingProxy, type CuttingProxy } from '../transport/cutting-proxy.ts'
import { remaining } from '../transport/processes.ts'
import { startSshd, type TestSshd } from '../transport/sshd.ts'
import { play, type Played, scratch } from './harness.ts'

const playbook = `- hosts: a
  gather_facts: false
  tasks:
    - file: { path: "{{ there }}/conf", state: directory }
    - copy: { dest: "{{ there }}/conf/small", content: "new\\n" }
    - copy: { src: large, dest: "{{ there }}/conf/large" }
    - template: { src: hello.j2, dest: "{{ there }}/conf/hello" }
    - ini_set: { path: "{{ there }}/conf/x.ini", section: s, option: o, value: "new" }
    - lineinfile: { path: "{{ there }}/conf/lines", regexp: "^a=", line: "a=new" }
    - command: { cmd: "cp {{ there }}/conf/small {{ there }}/conf/copied", creates: "{{ there }}/conf/copied" }
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
  copied: 'new\n',
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
    inventory: `a ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=${proxy.port} ansible_user=${sshd.user} ansible_ssh_private_key_file=${sshd.keyFile} ansible_host_key_checking=false ansible_ssh_common_args="-F ${sshd.configFile} -o StrictHostKeyChecking=no"\n`,
  })

const contents = (there: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(there, 'conf')).map((name) => [name, readFileSync(join(there, 'conf', name), 'utf8')]),
  )

/** Every file is as it was or as it is to be, and there is no other; a shell that has lost its line tidies up a moment later. */
async function expectWhole(there: string, where: string): Promise<void> {
  const temporary = (): readonly string[] => readdirSync(join(there, 'conf')).filter((name) => name.startsWith('.'))
  expect(await remaining(temporary), where).toEqual([])
  for (const [name, text] of Object.entries(contents(there)))
    expect(
      [Object.entries(before), Object.entries(after)].flat().some(([known, whole]) => known === name && whole === text),
      `${where}: ${name} is ${JSON.stringify(text.slice(0, 100))}`,
    ).toBe(true)
}

describe('a line to a real sshd that is cut at any round trip', () => {
  test.each([
    ['before it is heard', 'before', false],
    ['when the answer comes', 'after', false],
    ['when the answer comes, for good', 'after', true],
  ] as const)(
    '%s: converges or says what was done, and converges when run again',
    async (_name, when, forGood) => {
      const untouched = proxy.turns
      expect((await run(host())).exitStatus).toBe(0)
      const turns = proxy.turns - untouched
      expect(turns).toBeGreaterThan(10)
      const seen = new Set<number>()
      let told = false
      for (let turn = 1; turn <= turns; turn++) {
        const there = host()
        const where = `cut at round trip ${turn} of ${turns}`
        proxy.cutAtTurn(turn, when, forGood)
        const played = await run(there)
        seen.add(played.exitStatus)
        await expectWhole(there, where)
        const { done = [], unreachable = 0 } = played.recap['a'] ?? {}
        if (played.exitStatus === 0) {
          expect(contents(there), where).toEqual(after)
          continue
        }
        expect({ status: played.exitStatus, unreachable }, where).toEqual({ status: 4, unreachable: 1 })
        // What it says was done is on the host.
        for (const subject of done) {
          const name = /^.*\/conf\/(\w+(?:\.ini)?) \(\w+\)$/.exec(subject)?.[1]
          if (name !== undefined)
            expect(contents(there)[name], `${where}: ${subject}`).toBe(after[name as keyof typeof after])
        }
        told ||= done.length > 1
        await proxy.listen()
        const again = await run(there)
        expect(again.exitStatus, where).toBe(0)
        expect(contents(there), where).toEqual(after)
      }
      expect(seen).toContain(4)
      expect(told || !forGood).toBe(true)
      if (!forGood) expect(seen).toContain(0)
    },
    300_000,
  )
})
