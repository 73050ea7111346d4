import { describe, expect, it } from 'vitest'
import { aptCache, deb } from '../../../modules/facts/deb.ts'
import { packageManager, rpmManager } from '../../../modules/facts/package-manager.ts'
import { rpm } from '../../../modules/facts/rpm.ts'
import { rpmTransaction } from '../../../modules/facts/rpm-transaction.ts'
import packageModule from '../../../modules/packages/package.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'
import { OUTPUT } from '../facts/dnf-output.ts'

const install = rpmTransaction(
  'dnf',
  ['--setopt=exit_on_lock=1', '--setopt=clean_requirements_on_remove=0', 'install', 'greet'],
  30,
)
const fedora = new FakeHost([
  [packageManager(), 'yum'],
  [rpmManager(), { program: 'dnf', generation: 4 }],
  ...['greet', 'hello', 'hello-a-name-that-is-far-too-long-for-the-table-of-dnf'].map(
    (name) => [rpm(name), []] as const,
  ),
  [install, install.parse(Buffer.from(OUTPUT.DNF4_INSTALL))],
])
const debian = new FakeHost([
  [packageManager(), 'apt'],
  [aptCache(), { now: 10, updated: 5 }],
  [deb('greet'), [{ name: 'greet', arch: 'all', version: '1', status: 'installed' }]],
])

describe('package', () => {
  it('does what yum does', async () => {
    const { steps } = await proposalOf(packageModule, { name: 'greet' }, fedora)
    expect(steps).toMatchObject([{ actions: [{ title: 'dnf install greet' }] }])
  })
  it('does what apt does', async () => {
    expect((await proposalOf(packageModule, { name: 'greet', state: 'installed' }, debian)).steps).toEqual([])
  })
  it('takes the one that it is told', async () => {
    const host = new FakeHost([[rpmManager(), null]])
    expect(await planOf(packageModule, { name: 'greet', use: 'dnf' }, host)).toMatchObject({ kind: 'refusal' })
  })
  it('says where there is none', async () => {
    const host = new FakeHost([[packageManager(), 'none']])
    expect(await planOf(packageModule, { name: 'greet' }, host)).toMatchObject({
      message: 'this host has neither apt nor dnf nor yum',
    })
  })
})
