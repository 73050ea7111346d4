import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import raw from '../../../modules/commands/raw.ts'
import script from '../../../modules/commands/script.ts'
import tempfile from '../../../modules/files/tempfile.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import type { Controller } from '../../../modules/module.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, NO_FILES, planOf, proposalOf } from '../fake-host.ts'
import { SHELLS } from '../local-facts.ts'
import { runAction } from '../run-action.ts'

const root = mkdtempSync(join(tmpdir(), 'drover-script-'))
afterAll(() => rmSync(root, { recursive: true }))

const text = Buffer.from('#!/bin/sh\necho "$0" >&2\nprintf "<%s>" "$@"\nexit 3\n')
const controller: Controller = {
  ...NO_FILES,
  file: (name) =>
    Promise.resolve(
      name === 'x.sh'
        ? {
            kind: 'file',
            path: '/x.sh',
            mode: '0644',
            size: text.length,
            sha1: '',
            sha256: '',
            read: () => Promise.resolve(text),
          }
        : null,
    ),
}
const actionOf = async (args: JsonObject) =>
  (await proposalOf(script, args, new FakeHost(), controller)).steps[0]?.actions[0]

it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
  'runs a script and removes it, with %s',
  async (_, shell) => {
    for (const executable of [undefined, '/bin/sh -e']) {
      const args = { cmd: `x.sh one 'two words' "it's"`, ...(executable === undefined ? {} : { executable }) }
      const ran = await runAction(await actionOf(args), shell)
      expect(ran.stdout.toString()).toBe(`<one><two words><it's>`)
      expect(existsSync(ran.stderr.toString().trim())).toBe(false)
      expect(script.result?.(args, {}, [ran])).toMatchObject({ rc: 3, failed: true, stdout: `<one><two words><it's>` })
    }
  },
)

it('runs nothing that is made already, and nothing that is not there', async () => {
  const host = new FakeHost([[stat('/done'), predictedStat('file', {})]])
  expect((await proposalOf(script, { cmd: 'x.sh', creates: '/done' }, host, controller)).steps).toEqual([])
  expect(await planOf(script, { cmd: 'y.sh' }, host, controller)).toMatchObject({
    kind: 'refusal',
    message: expect.stringContaining('y.sh'),
  })
  expect(await planOf(script, { cmd: '"' }, host, controller)).toMatchObject({ kind: 'refusal' })
})

it('gives a raw text to a shell', async () => {
  const plan = await proposalOf(raw, { cmd: `printf 'a\n\n'; exit 4` })
  const ran = await runAction(plan.steps[0]?.actions[0])
  expect(raw.result?.({ cmd: 'x' }, null, [ran])).toEqual({
    rc: 4,
    stdout: 'a\n\n',
    stdout_lines: ['a', ''],
    stderr: '',
    stderr_lines: [],
    msg: 'non-zero return code',
    failed: true,
  })
  expect(await planOf(raw, { cmd: ' ' })).toMatchObject({ kind: 'refusal' })
})

it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
  'makes what is temporary with %s',
  async (_, shell) => {
    const host = new FakeHost([[stat(root), predictedStat('directory', {})]])
    for (const state of ['file', 'directory']) {
      const args = { path: root, state, prefix: "it's ", suffix: '.d' }
      const made = await runAction((await proposalOf(tempfile, args, host)).steps[0]?.actions[0], shell)
      const { path } = tempfile.result?.(args, {}, [made]) ?? {}
      expect(path).toMatch(/\/it's [0-9a-f]{12}\.d$/)
      expect(typeof path === 'string' && existsSync(path)).toBe(true)
    }
    expect(await planOf(tempfile, { prefix: '../x' })).toMatchObject({ kind: 'refusal' })
    expect(await planOf(tempfile, { path: '/nope' }, host)).toMatchObject({ kind: 'refusal' })
    const elsewhere = await runAction((await proposalOf(tempfile, {})).steps[0]?.actions[0], shell)
    const path = elsewhere.stdout.toString().trim()
    expect(existsSync(path)).toBe(true)
    rmSync(path)
  },
)
