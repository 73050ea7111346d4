import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unitJob, type UnitVerb } from '../../../modules/lib/unit-steps.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-unit-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** A systemctl that answers `show -p PROPERTY` with the next line of states, the last one for ever, and ends jobs with a status. */
async function systemd(states: readonly string[], result: string, job: number): Promise<void> {
  await writeFile(join(directory, 'states'), `${states.join('\n')}\n`)
  const tools = {
    systemctl: `#!/bin/sh
echo "$*" >>${directory}/calls
case "$*" in
  *"-p ActiveState"*) echo "ActiveState=$(head -n 1 ${directory}/states)"
    [ $(wc -l <${directory}/states) -le 1 ] || { tail -n +2 ${directory}/states >${directory}/rest; mv ${directory}/rest ${directory}/states; } ;;
  *"-p SubState"*) echo SubState=sub ;;
  *"-p Result"*) echo Result=${result} ;;
  *) exit ${job} ;;
esac`,
    journalctl: '#!/bin/sh\necho "mysqld: cannot open the table"',
    sleep: '#!/bin/sh\n:',
  }
  for (const [name, text] of Object.entries(tools)) {
    await writeFile(join(directory, name), text)
    await chmod(join(directory, name), 0o755)
  }
}

function perform(verb: UnitVerb): Promise<{ readonly status: number; readonly said: string }> {
  const action = unitJob('system', verb, 'mysql.service', true)
  if (action.do !== 'sh') throw new Error('a job that is waited for is a script')
  const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}` }
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', action.script, 'sh', ...action.args], { env }, (error, _, said) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, said })
    })
  })
}

test.each<readonly [string, UnitVerb, readonly string[], string, number, number]>([
  ['started at once', 'start', ['active'], 'success', 0, 0],
  ['waited for', 'start', ['activating', 'activating', 'active'], 'success', 0, 0],
  ['a oneshot that has ended well', 'start', ['inactive'], 'success', 0, 0],
  ['the job fails', 'start', ['failed'], 'exit-code', 1, 1],
  ['it fails after the job', 'restart', ['activating', 'failed'], 'exit-code', 0, 1],
  ['it never gets there', 'start', ['activating'], 'success', 0, 1],
  ['stopped', 'stop', ['deactivating', 'inactive'], 'success', 0, 0],
  ['it does not stop', 'stop', ['active'], 'success', 0, 1],
])('%s', async (_, verb, states, result, job, status) => {
  await systemd(states, result, job)
  const done = await perform(verb)
  expect(done.status).toBe(status)
  // Silent where all is well; otherwise the end of the journal, and what the unit is.
  const failure = /^mysqld: cannot open the table\nmysql\.service is \w+ \(sub\), result [\w-]+\n$/
  expect(done.said).toMatch(status === 0 ? /^$/ : failure)
})
