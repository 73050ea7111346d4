import { describe, expect, test } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { deviceByTag } from '../../../modules/facts/device-by-tag.ts'
import { disk } from '../../../modules/facts/disk.ts'
import { mounts, type Mount } from '../../../modules/facts/mounts.ts'
import { serviceManager } from '../../../modules/facts/service-manager.ts'
import { signature } from '../../../modules/facts/signature.ts'
import { stat } from '../../../modules/facts/stat.ts'
import type { Action, Step } from '../../../modules/step.ts'
import filesystem from '../../../modules/storage/filesystem.ts'
import fstab from '../../../modules/storage/fstab.ts'
import partition from '../../../modules/storage/partition.ts'
import { type Known, planOf, proposalOf } from '../fake-host.ts'
import { device, directory, FSTAB, host, ROOT_MOUNT } from './storage-host.ts'

const ENTRY = '/dev/vdb /var/lib/mysql ext4 defaults 0 2\n'
const ARGS = { path: '/var/lib/mysql', src: '/dev/vdb', fstype: 'ext4', passno: '2' }
const MOUNTED: Mount = { ...ROOT_MOUNT, device: '254:16', target: '/var/lib/mysql', source: '/dev/vdb' }
const written = (entry: string): Known => [content('/etc/fstab'), Buffer.from(FSTAB + entry)]
const ext4: Known = [signature('/dev/vdb'), { type: 'ext4', uuid: 'AAAA', label: 'data', table: null }]

const brief = (action: Action): string => {
  switch (action.do) {
    case 'run':
      return action.argv.join(' ')
    case 'sh':
      return `${action.title}: ${action.args.join('|')}`
    case 'await':
    case 'request':
      return action.title
    default:
      return `${action.do} ${action.path}`
  }
}
const actionsOf = (steps: readonly Step[]): readonly string[] => steps.flatMap(({ actions }) => actions.map(brief))
const planned = async (args: object, ...known: readonly Known[]): Promise<readonly string[]> => {
  const plan = await planOf(fstab, { ...ARGS, ...args }, host(...known))
  return plan.kind === 'refusal' ? [plan.message] : actionsOf(plan.steps)
}

test('on a bare host: partitions, a filesystem, the mount, and what is beneath it', async () => {
  let now = host()
  const tasks = [
    [partition, { device: '/dev/vdb', label: 'msdos', number: 1, type: 'extended' }],
    [partition, { device: '/dev/vdb', number: 5, type: 'logical' }],
    [filesystem, { dev: '/dev/vdb5', fstype: 'ext4' }],
    [fstab, { ...ARGS, src: '/dev/vdb5', state: 'mounted' }],
  ] as const
  for (const [module, args] of tasks) {
    const plan = await proposalOf(module, args, now)
    expect(plan.steps).not.toEqual([])
    now = now.after(plan)
    if (module !== fstab) continue
    expect(plan.steps.flatMap(({ effects }) => effects)).toContainEqual({
      kind: 'beneath',
      path: '/var/lib/mysql',
      now: 'absent',
    })
    expect(actionsOf(plan.steps)).toEqual([
      'mount /dev/vdb5 on /var/lib/mysql: /var/lib/mysql|ext4||/dev/vdb5|/var/lib/mysql',
      'write /etc/fstab',
      'systemctl daemon-reload',
    ])
  }
  for (const [module, args] of tasks) expect((await proposalOf(module, args, now)).steps).toEqual([])
  expect(await now.get(stat('/var/lib/mysql'))).toMatchObject({ type: 'directory', mode: '0755', owner: 'root' })
  expect(await now.get(stat('/var/lib/mysql/lost+found'))).toMatchObject({ mode: '0700' })
  expect((await now.get(content('/etc/fstab')))?.toString()).toBe(
    `${FSTAB}/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n`,
  )
})

const at = (...changes: readonly Partial<Mount>[]): Known => [
  mounts(),
  [ROOT_MOUNT, ...changes.map((one) => ({ ...MOUNTED, ...one }))],
]

describe('mounted', () => {
  const state = { state: 'mounted' }
  test('what a filesystem with files in it shows is not known beforehand', async () => {
    const plan = await proposalOf(fstab, { ...ARGS, ...state }, host(ext4))
    expect(plan.steps[0]?.effects).toContainEqual({ kind: 'beneath', path: '/var/lib/mysql', now: 'unknown' })
  })
  test('the mount is made before the entry, so that a failing one leaves fstab alone', async () => {
    const plan = await proposalOf(
      fstab,
      { ...ARGS, ...state, path: '/var/lib/a b/c', opts: 'noatime,nofail' },
      host(ext4),
    )
    expect(actionsOf(plan.steps)[0]).toBe(
      'mount /dev/vdb on /var/lib/a b/c: /var/lib/a b/c|ext4|noatime|/dev/vdb|/var/lib/a b|/var/lib/a b/c',
    )
    expect(actionsOf(plan.steps)[1]).toBe('write /etc/fstab')
  })
  test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
    ['all as it should be', {}, [at({}), written(ENTRY)], []],
    [
      'by UUID',
      { src: 'UUID=AAAA' },
      [at({}), written('UUID=AAAA /var/lib/mysql ext4 defaults 0 2\n'), [deviceByTag('UUID=AAAA'), '/dev/vdb']],
      [],
    ],
    ['shown under another name, with the same numbers', {}, [at({ source: '/dev/mapper/x' }), written(ENTRY)], []],
    [
      'other options: remounted',
      { opts: 'noatime,ro' },
      [at({}), written('/dev/vdb /var/lib/mysql ext4 noatime,ro 0 2\n')],
      ['mount -o remount,ro,noatime /var/lib/mysql'],
    ],
    [
      'mounted read-only against the entry',
      {},
      [at({ options: ['ro'] }), written(ENTRY)],
      ['mount -o remount,rw /var/lib/mysql'],
    ],
    [
      'another device there',
      {},
      [at({ device: '8:1', source: '/dev/sda1' }), written(ENTRY)],
      ['unmount /var/lib/mysql: /var/lib/mysql', expect.stringMatching(/^mount \/dev\/vdb on/)],
    ],
    ['a source that is not there', { src: '/dev/vdx' }, [], [expect.stringMatching(/\/dev\/vdx is not there/)]],
    [
      'a tag that no device has',
      { src: 'LABEL=x' },
      [[deviceByTag('LABEL=x'), null]],
      [expect.stringMatching(/LABEL=x is not there/)],
    ],
    [
      'a file in the way',
      {},
      [[stat('/var/lib/mysql'), { ...directory, type: 'file' }]],
      [expect.stringMatching(/is a file/)],
    ],
    ['without a source', { src: '' }, [], [expect.stringMatching(/needs src and fstype/)]],
  ])('%s', async (_, args, known, expected) => expect(await planned({ ...state, ...args }, ...known)).toEqual(expected))
  test('a bind mount is the same device and directory', async () => {
    const bind = { path: '/mnt', src: '/var/lib', fstype: 'none', opts: 'bind', state: 'ephemeral' }
    const shown = [mounts(), [ROOT_MOUNT, { ...ROOT_MOUNT, target: '/mnt', root: '/var/lib' }]] as const
    expect(await planned(bind, shown)).toEqual([])
    expect(await planned({ ...bind, src: '/var' }, shown, [stat('/mnt'), directory])).toHaveLength(2)
  })
  test('ephemeral leaves fstab alone', async () => {
    expect(await planned({ state: 'ephemeral' }, ext4)).toEqual([
      'mount /dev/vdb on /var/lib/mysql: /var/lib/mysql|ext4||/dev/vdb|/var/lib/mysql',
    ])
  })
})

describe('the entry', () => {
  test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
    ['new', {}, [], ['write /etc/fstab', 'systemctl daemon-reload']],
    ['where systemd does not run', {}, [[serviceManager(), 'openrc']], ['write /etc/fstab']],
    ['in another file', { fstab: '/root/fstab' }, [], ['write /root/fstab']],
    ['equal', {}, [written(ENTRY)], []],
    ['fields 5 and 6 that the task leaves out', { passno: null }, [written(ENTRY)], []],
    [
      'swap needs no mount point',
      { path: 'none', src: '/swapfile', fstype: 'swap', passno: '0' },
      [written('/swapfile swap swap defaults 0 0\n')],
      [],
    ],
    [
      'swap is not mounted',
      { path: 'none', src: '/swapfile', fstype: 'swap', state: 'mounted' },
      [],
      [expect.stringMatching(/swapfile module/)],
    ],
    ['a relative path', { path: 'mnt' }, [], [expect.stringMatching(/no absolute path/)]],
    ['present without a type', { fstype: null }, [], [expect.stringMatching(/needs src and fstype/)]],
  ])('%s', async (_, args, known, expected) => {
    const given = Object.fromEntries(Object.entries({ ...ARGS, ...args }).filter(([, value]) => value !== null))
    const plan = await planOf(fstab, given, host(...known))
    expect(plan.kind === 'refusal' ? [plan.message] : actionsOf(plan.steps)).toEqual(expected)
  })
  test('boot: false adds noauto', async () => {
    const plan = await proposalOf(fstab, { ...ARGS, boot: false }, host())
    expect(plan.steps[0]?.change.text?.after).toContain(' defaults,noauto 0 2')
    expect(plan.result['opts']).toBe('defaults,noauto')
  })
  test('duplicates: the first counts, and the task says so', async () => {
    const plan = await proposalOf(fstab, ARGS, host(written(ENTRY + ENTRY)))
    expect(plan.steps).toEqual([])
    expect(plan.warnings).toEqual([expect.stringMatching(/has 1 more for \/var\/lib\/mysql/)])
  })
})

describe('taking away', () => {
  const mounted: Known = [mounts(), [ROOT_MOUNT, MOUNTED]]
  test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
    [
      'unmounted keeps the entry',
      { state: 'unmounted' },
      [mounted, written(ENTRY)],
      ['unmount /var/lib/mysql: /var/lib/mysql'],
    ],
    ['unmounted already', { state: 'unmounted' }, [written(ENTRY)], []],
    [
      'absent',
      { state: 'absent' },
      [mounted, written(ENTRY)],
      [
        'unmount /var/lib/mysql: /var/lib/mysql',
        'write /etc/fstab',
        'systemctl daemon-reload',
        'rmdir -- /var/lib/mysql',
      ],
    ],
    ['absent already', { state: 'absent' }, [], []],
    [
      'something mounted inside',
      { state: 'absent' },
      [[mounts(), [ROOT_MOUNT, MOUNTED, { ...MOUNTED, target: '/var/lib/mysql/log' }]]],
      [expect.stringMatching(/while \/var\/lib\/mysql\/log is mounted in it/)],
    ],
    ['remounted always acts', { state: 'remounted' }, [mounted, written(ENTRY)], ['mount -o remount /var/lib/mysql']],
    ['remounting nothing', { state: 'remounted' }, [], [expect.stringMatching(/nothing is mounted/)]],
  ])('%s', async (_, args, known, expected) =>
    expect(await planned(args, ...known, [disk('/dev/vdb'), device()])).toEqual(expected),
  )
  test('what was hidden is not known beforehand', async () => {
    const plan = await proposalOf(fstab, { ...ARGS, state: 'unmounted' }, host(mounted))
    expect(plan.steps[0]?.effects).toContainEqual({ kind: 'beneath', path: '/var/lib/mysql', now: 'unknown' })
  })
})
