import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { noRepositoryBrought, nothingBrought } from '../../../modules/facts/brought.ts'
import { groupFacts, groupScript } from '../../../runner/host/read-script.ts'

test('what a host need not be asked for is a script like others, which spoils no batch', () => {
  const groups = groupFacts([nothingBrought(), noRepositoryBrought()])
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `${groups.map(groupScript).join('\n')}\necho next`])
  expect({ status, stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    status: 0,
    stdout: 'next\n',
    stderr: '',
  })
})
