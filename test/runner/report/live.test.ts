import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Event, Reporter } from '../../../runner/engine/events.ts'
import { createReporter } from '../../../runner/report/choose.ts'
import { EventLog, item, recap, textChange } from './events.ts'
import { FakeTerminal } from './terminal.ts'

const open: Reporter[] = []
afterEach(async () => {
  for (const reporter of open.splice(0)) await reporter.close()
})

function live(terminal: FakeTerminal): {
  readonly log: EventLog
  readonly send: () => void
  readonly reporter: Reporter
} {
  const reporter = createReporter({ format: 'live', stdout: terminal, verbosity: 0, color: 'always', env: {} })
  open.push(reporter)
  const log = new EventLog(Date.now())
  let sent = 0
  const send = () => {
    const fresh: readonly Event[] = log.events.slice(sent)
    sent += fresh.length
    for (const event of fresh) reporter.report(event)
  }
  return { log, send, reporter }
}
const sees = (terminal: FakeTerminal, ...texts: readonly string[]) =>
  vi.waitFor(() => texts.forEach((text) => expect(terminal.text).toContain(text)), { timeout: 5000 })

describe('live view of three hosts', () => {
  const hosts = ['n1', 'n2', 'n3']

  it('shows each host beneath the running task, then one line and the recap', async () => {
    const terminal = new FakeTerminal()
    const { log, send, reporter } = live(terminal)
    log.run({ diff: true })
    log.play('Cluster', hosts)
    const task = log.task('Install', hosts)
    log.start(task, 'n1')
    log.start(task, 'n2')
    log.progress(task, 'n2', 'retry 1 of 3')
    log.finish(task, 'n1', 'changed', { changes: [textChange('/etc/a', null, 'x\n')] })
    send()
    await sees(terminal, 'Install', '● n1  changed', '› n2', 'retry 1 of 3', '· n3  waiting')
    expect(terminal.cursorShown).toBe(false)

    log.finish(task, 'n2', 'failed', { message: 'no such package' })
    log.finish(task, 'n3', 'ok')
    send()
    await sees(terminal, '✖ n2  failed — no such package', '✔ n3  ok')
    log.taskDone(task)
    log.playDone()
    log.end({ n1: recap({ changed: 1 }), n2: recap({ failed: 1 }), n3: recap({ ok: 1 }) })
    send()
    await reporter.close()

    expect(terminal.text).toBe(`
PLAY  Cluster  (3 hosts)
✖ Install                                         ok 1 · changed 1 · failed 1
  changed: n1
      --- /etc/a (absent)
      +++ /etc/a (after)
      @@ -0,0 +1 @@
      +x
  failed: n2 — no such package
      at site.yml:11

RECAP
n1 : ok=0 changed=1 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
n2 : ok=0 changed=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0
n3 : ok=1 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0

Finished after 12.3 s`)
    expect(terminal.cursorShown).toBe(true)
    expect(terminal.wrapped).toBe(0)
  })

  it('keeps the order of warnings, results and tasks while the view comes and goes', async () => {
    const terminal = new FakeTerminal()
    const { log, send, reporter } = live(terminal)
    log.run()
    log.play('Cluster', hosts)
    const names: string[] = []
    for (let round = 0; round < 30; round += 1) {
      const task = log.task(`Task ${round}.`, hosts)
      names.push(`Task ${round}.`)
      for (const host of hosts) log.start(task, host)
      send()
      if (round % 10 === 0) await sees(terminal, `Task ${round}.`, '› n3')
      log.warn(`Warning ${round}.`)
      names.push(`Warning ${round}.`)
      send()
      if (round % 3 === 0) await new Promise(setImmediate)
      for (const host of hosts) log.finish(task, host, 'ok', { message: `Said ${round}.` })
      log.taskDone(task)
      names.push(`Said ${round}.`)
      send()
    }
    log.end({})
    send()
    await reporter.close()
    // A warning comes while its task is running, so it stands above the line that the finished task leaves.
    const told = terminal.text.match(/(Task|Warning|Said) \d+\./g)
    expect(told?.toSorted()).toEqual(names.toSorted())
    expect(told?.map((word) => Number(word.match(/\d+/)?.[0]))).toEqual(
      names.map((word) => Number(word.match(/\d+/)?.[0])),
    )
    expect(terminal.cursorShown).toBe(true)
  })

  it('leaves the terminal sane when the run is interrupted in a task', async () => {
    const terminal = new FakeTerminal()
    const { log, send, reporter } = live(terminal)
    log.run()
    log.play('Cluster', hosts)
    const task = log.task('Long', hosts)
    for (const host of hosts) log.start(task, host)
    log.finish(task, 'n1', 'changed')
    send()
    await sees(terminal, '› n2')
    log.end({ n1: recap({ changed: 1, done: ['/etc/a', 'unit x'] }) }, { interrupted: true, exitStatus: 99 })
    send()
    await reporter.close()
    expect(terminal.text).toContain('■ Long                                            running 2 · changed 1')
    expect(terminal.text).toContain('Done on n1 before the run was interrupted:\n    /etc/a\n    unit x')
    expect(terminal.text).toContain('Interrupted after 12.3 s')
    expect(terminal.text).not.toContain('›')
    expect(terminal.cursorShown).toBe(true)
  })

  it('shows the cursor when the process ends without a word', async () => {
    const terminal = new FakeTerminal()
    const { log, send } = live(terminal)
    const before = process.listeners('exit')
    log.play('Cluster', hosts)
    log.start(log.task('Long', hosts), 'n1')
    send()
    await sees(terminal, '› n1')
    const added = process.listeners('exit').filter((listener) => !before.includes(listener))
    expect(terminal.cursorShown).toBe(false)
    for (const listener of added) listener.call(process, 0)
    expect(terminal.cursorShown).toBe(true)
  })

  it('shows several tasks at once where the strategy is free', async () => {
    const terminal = new FakeTerminal()
    const { log, send, reporter } = live(terminal)
    log.run()
    log.play('Cluster', hosts)
    const first = log.task('First', hosts)
    for (const host of hosts) log.start(first, host)
    send()
    await sees(terminal, '› n3')
    log.finish(first, 'n1', 'ok')
    const second = log.task('Second', hosts)
    log.start(second, 'n1')
    send()
    await sees(terminal, 'First', 'Second', '✔ n1  ok', '› n1')
    for (const host of ['n2', 'n3']) log.finish(first, host, 'ok')
    log.taskDone(first)
    send()
    await sees(terminal, '✔ First', '› n1')
    for (const host of hosts) log.finish(second, host, 'ok')
    log.taskDone(second)
    send()
    await reporter.close()
    expect(terminal.text).toMatch(/✔ First +ok 3.*\n✔ Second +ok 3.*$/)
  })

  it('draws nothing that moves while a task may ask the user', async () => {
    const terminal = new FakeTerminal()
    const { log, send } = live(terminal)
    log.play('Cluster', hosts)
    const asks = log.task('Ask', hosts, { action: 'pause' })
    log.start(asks, 'n1')
    send()
    // Another task that is drawn proves that the view had its chance.
    const other = log.task('Other', hosts)
    log.start(other, 'n2')
    send()
    await sees(terminal, 'Other', '› n2')
    expect(terminal.text).not.toContain('Ask')
  })

  it('leaves out of a recap that is too wide what is 0 everywhere', async () => {
    const terminal = new FakeTerminal(60)
    const { log, send, reporter } = live(terminal)
    log.end({ 'n1.example': recap({ ok: 10, failed: 1 }), n2: recap({ ok: 1 }) })
    send()
    await reporter.close()
    expect(terminal.text).toBe(`
RECAP
n1.example : ok=10 failed=1
n2         : ok=1  failed=0

Finished after 12.3 s`)
  })

  it('tells of items that changed or failed, and of checks in their own words', async () => {
    const terminal = new FakeTerminal()
    const { log, send, reporter } = live(terminal)
    log.run({ check: true })
    log.play('Cluster', hosts)
    const task = log.task('Users', hosts, { handler: true })
    const items = [item('root', 'ok'), item('repl', 'failed', { message: 'no grant' })]
    log.finish(task, 'n1', 'failed', { items, ignored: true })
    log.finish(task, 'n2', 'changed')
    log.finish(task, 'n3', 'unknown')
    log.taskDone(task)
    send()
    await reporter.close()
    expect(terminal.text).toBe(`CHECK  nothing will be changed

PLAY  Cluster  (3 hosts)
● handler Users                        would change 1 · may change 1 · ignored 1
  failed (ignored): n1
    failed: item=repl — no grant
      at site.yml:11`)
  })
})

describe('live view of 500 hosts', () => {
  const hosts = Array.from({ length: 500 }, (_, index) => `host-${index + 1}`)

  it.each([
    { columns: 80, rows: 24 },
    { columns: 34, rows: 8 },
    { columns: 200, rows: 60 },
  ])('fits into $columns columns and $rows rows', async ({ columns, rows }) => {
    const terminal = new FakeTerminal(columns, rows)
    const { log, send, reporter } = live(terminal)
    log.run()
    log.play('Fleet', hosts)
    const task = log.task('更新 Update all the packages of all hosts', hosts)
    for (const host of hosts.slice(0, 100)) log.start(task, host)
    for (const host of hosts.slice(0, 80)) log.finish(task, host, 'ok')
    for (const host of hosts.slice(80, 83)) log.finish(task, host, 'changed')
    for (const host of hosts.slice(83, 85))
      log.finish(task, host, 'failed', { message: 'the mirror is out of reach 🛰️' })
    send()
    await sees(terminal, '✖ host-84', '✖ host-85')
    const frame = terminal.text
    expect(frame).toContain(`running 15 · waiting 400`)
    expect(frame.split('\n').length).toBeLessThanOrEqual(rows)
    expect(terminal.wrapped).toBe(0)

    for (const host of hosts.slice(85)) log.finish(task, host, 'ok')
    log.taskDone(task)
    send()
    await reporter.close()
    expect(terminal.text).not.toContain('running')
    expect(terminal.text.replaceAll('\n', '')).toContain('ok 495 · changed 3 · failed 2')
    expect(terminal.text.replaceAll('\n', '')).toContain('failed: host-84, host-85 — the mirror is out of reach')
  })

  it('counts the failures that do not fit', async () => {
    const terminal = new FakeTerminal(80, 10)
    const { log, send } = live(terminal)
    log.play('Fleet', hosts)
    const task = log.task('Update', hosts)
    for (const host of hosts.slice(0, 20)) log.finish(task, host, 'failed', { message: 'no' })
    send()
    await sees(terminal, 'waiting 480 · failed 20', '✖ host-4 ', '… and 16 more that failed')
    expect(terminal.text).not.toContain('✖ host-5 ')
  })
})
