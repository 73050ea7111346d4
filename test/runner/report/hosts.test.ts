import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { createReporter } from '../../../runner/report/choose.ts'
import { EventLog, recap, textChange } from './events.ts'

/** What is written of a run of one task. */
async function drawn(write: (log: EventLog, task: number) => void, verbosity = 0, check = false): Promise<string> {
  const chunks: string[] = []
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  const reporter = createReporter({ format: 'hosts', stdout, verbosity, color: 'never', env: {} })
  const log = new EventLog()
  log.run({ check, diff: check })
  log.play('web', ['n1', 'n2'])
  const task = log.task('command', ['n1', 'n2'])
  write(log, task)
  log.taskDone(task)
  log.playDone()
  log.end({ n1: recap({ ok: 1 }) })
  for (const event of log.events) reporter.report(event)
  await reporter.close()
  return chunks.join('')
}

it('shows what a program printed on each host, and no control characters', async () => {
  const text = await drawn((log, task) => {
    const result = { cmd: ['id'], rc: 0, stdout: 'one\n\u001B[2Jtwo', stderr: 'careful', changed: true }
    log.finish(task, 'n1', 'changed', { result })
    log.finish(task, 'n2', 'changed', { result: { rc: 0, stdout: '', stderr: '', changed: true } })
  })
  expect(text).toMatch(/^changed: n1 \(0\.2 s\)\n {4}one\n {4}[^\u001B\n]+two\n {4}careful\nchanged: n2 \(0\.2 s\)\n$/)
})

it('shows the result of what is no program as YAML, without what the line of the host says', async () => {
  const result = { changed: false, failed: false, msg: 'fine', stat: { exists: true, size: 3 } }
  const text = await drawn((log, task) => log.finish(task, 'n1', 'ok', { result, message: 'fine' }))
  expect(text).toBe('ok: n1 (0.2 s) — fine\n    stat:\n      exists: true\n      size: 3\n')
})

it('says once what a message and a result both say', async () => {
  const text = await drawn((log, task) =>
    log.finish(task, 'n1', 'ok', { result: { changed: false, colour: 'red' }, message: 'colour: red' }),
  )
  expect(text).toBe('ok: n1 (0.2 s) — colour: red\n')
})

it('shows a failure with its output once, and nothing of what must not be logged', async () => {
  const text = await drawn((log, task) => {
    const result = { rc: 3, stdout: '', stderr: 'no such thing', failed: true }
    log.finish(task, 'n1', 'failed', { result, message: 'non-zero return code' })
    log.finish(task, 'n2', 'unreachable', { result: { unreachable: true, msg: 'refused' }, message: 'refused' })
    log.finish(task, 'n3', 'ok', { result: null })
  })
  expect(text).toBe(
    [
      'failed: n1 (0.2 s) — non-zero return code',
      '    exit status: 3',
      '    stderr:',
      '      no such thing',
      'unreachable: n2 (0.2 s) — refused',
      'ok: n3 (0.2 s)',
      '',
    ].join('\n'),
  )
})

const finish = (log: EventLog, task: number): unknown =>
  log.finish(task, 'n1', 'changed', { changes: [textChange('/etc/x', 'a\n', 'b\n')], result: { changed: true } })

it('shows differences in a check, whole results at -v, and counts at -vv', async () => {
  const check = await drawn(finish, 0, true)
  expect(check).toMatch(/^CHECK {2}nothing will be changed\nwould change: n1/)
  expect(check).toMatch(/^ {4}-a\n {4}\+b$/m)
  expect(check).not.toContain('RECAP')
  expect(await drawn(finish, 1)).toMatch(/^changed: n1 .*\n {4}result:\n {6}changed: true\n$/)
  expect(await drawn(finish, 2)).toContain('RECAP')
})
