import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placeFunctions } from '../../../modules/lib/place-file.ts'
import { SHELLS } from '../local-facts.ts'
import { runAction } from '../run-action.ts'

const script = `${placeFunctions}
tmp=$2
beside "$1"
echo new >"$t"
[ "$3" != fail ] || exit 7
place "$1" '' '' '' ''
`

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
  'a file that is put in its place by %s',
  (_, shell) => {
    let root = ''
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'drover-place-'))
      for (const name of ['bin', 'dest', 'tmp']) mkdirSync(join(root, name))
      writeFileSync(join(root, 'dest/file'), 'old\n', { mode: 0o640 })
      chmodSync(join(root, 'dest/file'), 0o640)
      writeFileSync(join(root, 'bin/mv'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${root}/moved'\nexec /bin/mv "$@"\n`, {
        mode: 0o700,
      })
    })
    afterEach(() => rmSync(root, { recursive: true, force: true }))
    const run = (tmp: string, how = '') =>
      runAction(
        { do: 'sh', title: 'place', script, args: [join(root, 'dest/file'), tmp, how] },
        shell,
        `${join(root, 'bin')}:${process.env['PATH']}`,
      )

    it.each(['', 'tmp'])('is renamed within its directory: %j', async (tmp) => {
      expect(await run(tmp && join(root, tmp))).toMatchObject({ status: 0 })
      const [, from = '', to] = readFileSync(join(root, 'moved'), 'utf8').split('\n')
      expect([dirname(from), to]).toEqual([join(root, 'dest'), join(root, 'dest/file')])
      expect(readFileSync(join(root, 'dest/file'), 'utf8')).toBe('new\n')
      expect(statSync(join(root, 'dest/file')).mode & 0o777).toBe(0o640)
      expect([readdirSync(join(root, 'dest')), readdirSync(join(root, 'tmp'))]).toEqual([['file'], []])
    })
    it.each(['', 'tmp'])('stays what it was where that fails: %j', async (tmp) => {
      expect(await run(tmp && join(root, tmp), 'fail')).toMatchObject({ status: 7 })
      expect(readFileSync(join(root, 'dest/file'), 'utf8')).toBe('old\n')
      expect([readdirSync(join(root, 'dest')), readdirSync(join(root, 'tmp'))]).toEqual([['file'], []])
    })
  },
)
