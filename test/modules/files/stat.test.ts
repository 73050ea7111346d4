import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { stat } from '../../../modules/facts/stat.ts'
import { status, type StatusOptions } from '../../../modules/facts/status.ts'
import statModule from '../../../modules/files/stat.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import { UnknownFact } from '../../../modules/module.ts'
import { FakeHost, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const root = mkdtempSync(join(tmpdir(), 'drover-stat-'))
afterAll(() => rmSync(root, { recursive: true }))
const file = join(root, "it's a\nfile")
const link = join(root, 'link')
writeFileSync(file, 'x\n', { mode: 0o640 })
symlinkSync(file, link)
symlinkSync('nowhere', join(root, 'broken'))

const all: StatusOptions = { follow: false, algorithm: 'sha1', mime: true, attributes: true }

it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('reads all there is with %s', async (_, shell) => {
  const facts = [
    status(file, all),
    status(link, all),
    status(link, { ...all, follow: true, algorithm: 'sha256' }),
    status(join(root, 'none'), all),
    status(join(root, 'broken'), { ...all, follow: true }),
    status(root, { ...all, algorithm: null, mime: false, attributes: false }),
  ]
  const [one, two, three, none, broken, directory] = await readLocally(facts, shell)
  expect(one).toMatchObject({
    path: file,
    isreg: true,
    islnk: false,
    mode: '0640',
    size: 2,
    rusr: true,
    wgrp: false,
    readable: true,
    executable: false,
    pw_name: 'root',
    checksum: '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a',
    nlink: 1,
  })
  expect(two).toMatchObject({ islnk: true, isreg: false, lnk_target: file, lnk_source: file })
  expect(two).not.toHaveProperty('checksum')
  expect(three).toMatchObject({ isreg: true, path: link, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect([none, broken]).toEqual([null, null])
  expect(directory).toMatchObject({ isdir: true })
  for (const name of ['mimetype', 'attributes', 'checksum']) expect(directory).not.toHaveProperty(name)
})

it('understands file and lsattr', () => {
  const raw = '1a4:0:0:2:1:2:3:4:5:1:0:0:8:4096:root:UNKNOWN'.replace('1a4', '81a4')
  const text = `f\n${raw}\nrw\nabc\ntext/plain; charset=us-ascii\n  12 ----i---------e------- /x\n`
  expect(status('/x', all).parse(Buffer.from(text))).toMatchObject({
    mimetype: 'text/plain',
    charset: 'us-ascii',
    version: '12',
    attr_flags: 'ie',
    attributes: ['immutable', 'extents'],
    pw_name: 'root',
  })
  expect(status('/x', all).parse(Buffer.from(text))).not.toHaveProperty('gr_name')
})

it('says what exists, and in check mode what would', async () => {
  const unknown = new UnknownFact('status')
  const host = new FakeHost([
    [status('/there', all), { path: '/there', size: 3 }],
    [status('/made', all), unknown],
    [stat('/made'), predictedStat('file', { mode: '4755', owner: 'nobody' })],
  ])
  const result = async (path: string) => (await proposalOf(statModule, { path }, host)).result
  expect(await result('/none')).toEqual({ stat: { exists: false } })
  expect(await result('/there')).toEqual({ stat: { exists: true, path: '/there', size: 3 } })
  const made = await result('/made')
  expect(made).toMatchObject({
    stat: { exists: true, isreg: true, mode: '4755', isuid: true, pw_name: 'nobody', gr_name: 'root' },
  })
  for (const name of ['uid', 'inode', 'mtime']) expect(made['stat']).not.toHaveProperty(name)
})
