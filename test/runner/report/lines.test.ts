import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

import { describe, expect, it } from 'vitest'

import { createReporter } from '../../../runner/report/choose.ts'
import { EventLog, item, recap, textChange } from './events.ts'

/** What the lines reporter writes for these events; what is in `log` when `write` returns. */
async function drawn(
  write: (log: EventLog) => void,
  verbosity = 0,
  color: 'always' | 'never' = 'never',
): Promise<string> {
  const chunks: string[] = []
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  const reporter = createReporter({ format: 'lines', stdout, verbosity, color, env: {} })
  const log = new EventLog()
  write(log)
  for (const event of log.events) reporter.report(event)
  await reporter.close()
  return chunks.join('')
}

interface Case {
  readonly name: string
  readonly verbosity?: number
  readonly events: (log: EventLog) => void
  readonly text: string
}
const cases: readonly Case[] = [
  {
    name: 'a run from start to end',
    events: (log) => {
      log.run()
      log.play('Cluster', ['n1', 'n2'])
      const task = log.task('Install', ['n1', 'n2'])
      log.start(task, 'n1')
      log.finish(task, 'n1', 'changed')
      log.finish(task, 'n2', 'ok', { duration: 61_000 })
      log.taskDone(task)
      const handler = log.task('restart', ['n1'], { handler: true })
      log.finish(handler, 'n1', 'changed')
      log.taskDone(handler)
      log.playDone()
      log.end({ n1: recap({ ok: 12, changed: 2 }), n2: recap({ ok: 1, skipped: 1 }) })
    },
    text: `
PLAY  Cluster  (2 hosts)

TASK  Install  site.yml:11
changed: n1 (0.2 s)
ok: n2 (1 min 01 s)

HANDLER  restart  site.yml:12
changed: n1 (0.2 s)

RECAP
n1 : ok=12 changed=2 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
n2 : ok=1  changed=0 unreachable=0 failed=0 skipped=1 rescued=0 ignored=0

Finished after 12.3 s
`,
  },
  {
    name: 'diffs, only where the run asks for them',
    events: (log) => {
      log.run({ diff: true })
      const task = log.task('Write', ['n1'])
      const attributes = [{ name: 'mode', before: '0644', after: '0600' }]
      log.finish(task, 'n1', 'changed', { changes: [textChange('/etc/a', 'x\n', 'y\n', { attributes })] })
      log.run({ diff: false })
      log.finish(task, 'n1', 'changed', { changes: [textChange('/etc/a', 'x\n', 'y\n')] })
    },
    text: `
TASK  Write  site.yml:11
changed: n1 (0.2 s)
    --- /etc/a (before)
    +++ /etc/a (after)
        mode: 0644 → 0600
    @@ -1 +1 @@
    -x
    +y
changed: n1 (0.2 s)
`,
  },
  {
    name: 'a failed command with what it said and where it stands',
    events: (log) => {
      const task = log.task('Start', ['n1', 'n2'])
      const result = { cmd: ['systemctl', 'start', 'a b'], rc: 3, stdout: '', stderr: 'no\nunit\n' }
      log.finish(task, 'n1', 'failed', { message: 'non-zero return code', result })
      log.finish(task, 'n2', 'failed', { message: 'several\nlines', result: { cmd: 'false' }, ignored: true })
    },
    text: `
TASK  Start  site.yml:11
failed: n1 (0.2 s) — non-zero return code
    at site.yml:11
    command: systemctl start 'a b'
    exit status: 3
    stderr:
      no
      unit
failed (ignored): n2 (0.2 s)
    several
    lines
    at site.yml:11
    command: false
`,
  },
  {
    name: 'the end of a long output',
    events: (log) => {
      const stdout = Array.from({ length: 32 }, (_, index) => `line ${index + 1}`).join('\n')
      log.finish(log.task('Start', ['n1']), 'n1', 'failed', { result: { stdout } })
    },
    text: `
TASK  Start  site.yml:11
failed: n1 (0.2 s)
    at site.yml:11
    stdout:
      … 2 earlier lines; -v shows all
${Array.from({ length: 30 }, (_, index) => `      line ${index + 3}`).join('\n')}
`,
  },
  {
    name: 'unreachable hosts and what was done on them before',
    events: (log) => {
      log.finish(log.task('Ping', ['n1']), 'n1', 'unreachable', { message: 'connect ECONNREFUSED' })
      log.end({ n1: recap({ changed: 2, unreachable: 1, done: ['/etc/a', 'unit mysql'] }) }, { exitStatus: 4 })
    },
    text: `
TASK  Ping  site.yml:11
unreachable: n1 (0.2 s) — connect ECONNREFUSED
    at site.yml:11

RECAP
n1 : ok=0 changed=2 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0

Done on n1 before it became unreachable:
    /etc/a
    unit mysql

Finished after 12.3 s
`,
  },
  {
    name: 'an interrupted run',
    events: (log) => {
      log.end({ n1: recap({ changed: 1, done: ['/etc/a'] }) }, { interrupted: true, exitStatus: 99 })
    },
    text: `
RECAP
n1 : ok=0 changed=1 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

Done on n1 before the run was interrupted:
    /etc/a

Interrupted after 12.3 s
`,
  },
  {
    name: 'a check that would change something, and cannot know all',
    events: (log) => {
      log.run({ check: true })
      const task = log.task('Build', ['n1', 'n2'])
      log.finish(task, 'n1', 'changed')
      log.finish(task, 'n2', 'unknown', { message: 'runs a command' })
      log.end({ n1: recap({ changed: 1 }), n2: recap({ unknown: 1 }) }, { check: true })
    },
    text: `CHECK  nothing will be changed

TASK  Build  site.yml:11
would change: n1 (0.2 s)
may change: n2 (0.2 s) — runs a command

RECAP
n1 : ok=0 changed=1 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
n2 : ok=0 changed=0 unknown=1 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

This was a check: nothing was changed. The run would change 1 host (n1).
unknown on n2: what these tasks do depends on a command or an earlier step that a check does not run, so they may change something.
Finished after 12.3 s
`,
  },
  {
    name: 'a check of hosts that are as they should be',
    events: (log) => log.end({ n1: recap({ ok: 1 }) }, { check: true }),
    text: `
RECAP
n1 : ok=1 changed=0 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

This was a check: nothing was changed. The run would change nothing.
Finished after 12.3 s
`,
  },
  {
    name: 'a check that did not get to the end',
    events: (log) => log.end({ n1: recap({ failed: 1 }) }, { check: true, exitStatus: 2 }),
    text: `
RECAP
n1 : ok=0 changed=0 unknown=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0

This was a check: nothing was changed. As far as it got, the run would change nothing.
Finished after 12.3 s
`,
  },
  {
    name: 'a check of many hosts',
    events: (log) => {
      const hosts = Array.from({ length: 8 }, (_, index) => [`n${index}`, recap({ changed: 2 })] as const)
      log.end(Object.fromEntries(hosts), { check: true })
    },
    text: `
RECAP
${Array.from({ length: 8 }, (_, index) => `n${index} : ok=0 changed=2 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0`).join('\n')}

This was a check: nothing was changed. The run would change 8 hosts (n0, n1, n2, n3, n4 and 3 more).
Finished after 12.3 s
`,
  },
  {
    name: "a loop's items, once each",
    events: (log) => {
      log.run({ diff: true })
      const task = log.task('Users', ['n1'])
      const root = item('root', 'ok')
      const repl = item({ name: 'repl' }, 'changed', { changes: [{ subject: 'user repl', verb: 'create' }] })
      const admin = item('admin', 'failed', { message: 'denied' })
      log.progress(task, 'n1', 'item 1 of 3', root)
      log.progress(task, 'n1', 'retry 1 of 3: denied')
      log.finish(task, 'n1', 'failed', {
        items: [root, repl, admin],
        changes: repl.changes,
        message: 'one item failed',
      })
    },
    text: `
TASK  Users  site.yml:11
  ok: n1 (item=root)
n1: retry 1 of 3: denied
  changed: n1 (item={"name":"repl"})
    create user repl
  failed: n1 (item=admin) — denied
failed: n1 (3 items, 0.2 s) — one item failed
    at site.yml:11
`,
  },
  {
    name: 'skips, messages and warnings',
    events: (log) => {
      const task = log.task('', ['n1', 'n2'], { action: 'debug' })
      log.finish(task, 'n1', 'skipped', { message: 'when: false' })
      log.finish(task, 'n2', 'ok', { message: 'hello', warnings: ['old\nway'] })
      log.warn('empty group', 3)
      log.warn('no place')
    },
    text: `
TASK  debug  site.yml:11
skipped: n1 — when: false
ok: n2 (0.2 s) — hello
    warning: old⏎way
warning: empty group (site.yml:3)
warning: no place
`,
  },
  {
    name: "a task's header again where several are under way",
    events: (log) => {
      const first = log.task('First', ['n1', 'n2'])
      log.finish(first, 'n1', 'ok')
      const second = log.task('Second', ['n1', 'n2'])
      log.finish(second, 'n1', 'ok')
      log.finish(first, 'n2', 'ok')
      log.finish(second, 'n2', 'ok')
    },
    text: `
TASK  First  site.yml:11
ok: n1 (0.2 s)

TASK  Second  site.yml:12
ok: n1 (0.2 s)

TASK  First  site.yml:11
ok: n2 (0.2 s)

TASK  Second  site.yml:12
ok: n2 (0.2 s)
`,
  },
  {
    name: 'wide names in columns',
    events: (log) => log.end({ 数据库: recap({ ok: 1 }), n2: recap({ ok: 1 }) }),
    text: `
RECAP
数据库 : ok=1 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
n2     : ok=1 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

Finished after 12.3 s
`,
  },
  {
    name: 'results at verbosity 1',
    verbosity: 1,
    events: (log) => {
      const task = log.task('Run', ['n1', 'n2'])
      log.finish(task, 'n1', 'changed', { result: { rc: 0, stdout: 'a\nb', nested: { list: [1, 'x'] } } })
      log.finish(task, 'n2', 'ok', { result: null })
    },
    text: `
TASK  Run  site.yml:11
changed: n1 (0.2 s)
    result:
      rc: 0
      stdout: |-
        a
        b
      nested:
        list:
          - 1
          - x
ok: n2 (0.2 s)
`,
  },
  {
    name: 'what went over the wire at verbosity 2',
    verbosity: 2,
    events: (log) => {
      const wire = { roundTrips: 5, requests: 12, channels: 1, connects: 1, bytesSent: 812, bytesReceived: 1_234_567 }
      const less = { ...wire, roundTrips: 1, bytesReceived: 999_999 }
      log.end({ n1: recap({ wire }), db2: recap({ wire: less }) })
    },
    text: `
RECAP
n1  : ok=0 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
db2 : ok=0 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

WIRE
n1  : 5 round trips  12 requests  1 channel  1 connect  812 B out  1.2 MB in
db2 :  1 round trip  12 requests  1 channel  1 connect  812 B out  1.0 MB in

Finished after 12.3 s
`,
  },
]

describe('lines', () => {
  it.each(cases)('$name', async ({ events, text, verbosity }) => {
    expect(await drawn(events, verbosity)).toBe(text)
  })

  it.each(cases)('$name: colours add nothing but colours', async ({ events, text, verbosity }) => {
    const coloured = await drawn(events, verbosity, 'always')
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toBe(text)
  })

  it('lets no text steer the terminal', async () => {
    const evil = 'a\u001b[2J\r\u0007\u009b1A\u202e\u2028b\u0000'
    const change = textChange(evil, evil, `${evil}\n${evil}`, {
      attributes: [{ name: evil, before: evil, after: [evil] }],
    })
    const text = await drawn((log) => {
      log.run({ diff: true })
      log.play(evil, [evil])
      const task = log.task(evil, [evil])
      log.progress(task, evil, evil)
      const result = { cmd: [evil], stderr: evil, stdout: evil }
      const items = [item(evil, 'failed', { message: evil, changes: [change] })]
      log.finish(task, evil, 'failed', { message: evil, warnings: [evil], result, items })
      log.finish(task, evil, 'failed', { message: `${evil}\n${evil}`, changes: [change] })
      log.warn(evil)
      log.end({ [evil]: recap({ unreachable: 1, unknown: 1, changed: 1, done: [evil] }) }, { check: true })
    }, 2)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2028]/u)
    expect(text).toContain('a^[[2J')
  })
})
