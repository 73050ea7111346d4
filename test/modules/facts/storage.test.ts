import { describe, expect, test } from 'vitest'
import { UnreadableFact } from '../../../modules/fact.ts'
import { disk, parseDisk } from '../../../modules/facts/disk.ts'
import { parseDiskSpace } from '../../../modules/facts/disk-space.ts'
import { parseFilesystemSize } from '../../../modules/facts/filesystem-size.ts'
import { parseMemory } from '../../../modules/facts/memory.ts'
import { mountAt, mounts, parseMountinfo } from '../../../modules/facts/mounts.ts'
import { parsePartitions, partitions } from '../../../modules/facts/partitions.ts'
import { parseSignature, signature } from '../../../modules/facts/signature.ts'
import { parseSwaps, swaps } from '../../../modules/facts/swaps.ts'
import { flagsOf } from '../../../modules/lib/partition-table.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

describe('mounts', () => {
  const text = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 25 0:27 / /dev/shm rw,relatime shared:3 master:1 - tmpfs tmpfs rw,size=24684084k
41 27 259:1 /a\\040b /mnt/my\\040disk ro,nosuid - ext4 /dev/vdb5 rw
42 27 0:44 / /mnt/my\\040disk rw - tmpfs none rw`
  test('optional fields, escapes and two sets of options', () => {
    const all = parseMountinfo(text)
    expect(all[1]).toEqual({
      device: '0:27',
      root: '/',
      target: '/dev/shm',
      options: ['rw', 'relatime', 'size=24684084k'],
      fstype: 'tmpfs',
      source: 'tmpfs',
    })
    expect(all[2]).toMatchObject({ root: '/a b', target: '/mnt/my disk', options: ['ro', 'nosuid', 'rw'] })
  })
  test('the last one on a path is what is seen', () => {
    expect(mountAt(parseMountinfo(text), '/mnt/my disk')?.fstype).toBe('tmpfs')
    expect(mountAt(parseMountinfo(text), '/mnt')).toBeUndefined()
  })
})

test('swaps: escapes, and files that were removed in use', () => {
  expect(
    parseSwaps(
      'Filename Type Size Priority\n/my\\040swap file 32764 -2\n/old\\040(deleted) file 1020 5\n/dev/vdc partition 4092 -3\n',
    ),
  ).toEqual([
    { path: '/my swap', kind: 'file', size: 32764 * 1024, priority: -2, deleted: false },
    { path: '/old', kind: 'file', size: 1020 * 1024, priority: 5, deleted: true },
    { path: '/dev/vdc', kind: 'partition', size: 4092 * 1024, priority: -3, deleted: false },
  ])
})

test('disk: sysfs counts in 512 bytes, whatever the sectors are', () => {
  expect(parseDisk('disk 7:7 4194304 4096 0 \nholders\npart 5 259:2 dm-0 md1\npart 1 259:1\n')).toEqual({
    device: '7:7',
    size: 2147483648,
    sectorSize: 4096,
    readOnly: false,
    number: null,
    holders: [],
    parts: [
      { number: 1, device: '259:1', holders: [] },
      { number: 5, device: '259:2', holders: ['dm-0', 'md1'] },
    ],
  })
  expect(parseDisk('')).toBeNull()
})

describe('signature', () => {
  test.each([
    ['status 2\n', null],
    ['absent\n', null],
    [
      'status 0\nDEVNAME=/dev/vdb5\nUUID=afec\nBLOCK_SIZE=4096\nLABEL=my\\ data\nTYPE=ext4\nPART_ENTRY_NUMBER=5\n',
      { type: 'ext4', uuid: 'afec', label: 'my data', table: null },
    ],
    ['status 0\nDEVNAME=/dev/vdb\nPTUUID=f1dd\nPTTYPE=dos\n', { type: null, uuid: null, label: null, table: 'dos' }],
    ['status 0\nDEVNAME=/dev/vdb5\nPART_ENTRY_SCHEME=dos\nPART_ENTRY_NUMBER=5\n', null],
  ])('%j', (text, found) => expect(parseSignature(text, '/dev/vdb')).toEqual(found))
  test.each([
    ['status 8\n', /several kinds.*wipefs -n/],
    ['status 4\nblkid: error: /dev/vdb: Input/output error\n', /Input\/output error/],
    ['unreadable\n', /cannot be read/],
    ['missing\n', /blkid.*not installed/],
  ])('anything but found and blank refuses: %j', (text, message) => {
    expect(() => parseSignature(text, '/dev/vdb')).toThrow(message)
    expect(() => parseSignature(text, '/dev/vdb')).toThrow(UnreadableFact)
  })
})

describe('partitions', () => {
  const SFDISK = `sfdisk
{
   "partitiontable": {
      "label": "dos", "id": "0xf1dda636", "device": "/dev/nvme0n1", "unit": "sectors", "sectorsize": 512,
      "partitions": [
         { "node": "/dev/nvme0n1p1", "start": 2048, "size": 4192256, "type": "5" },
         { "node": "/dev/nvme0n1p5", "start": 4096, "size": 4190208, "type": "83", "bootable": true }
      ]
   }
}`
  const PARTED = `parted
BYT;
/dev/loop0:4194304s:loopback:512:512:msdos:Loopback device:;
1:2048s:4194303s:4192256s:::;
5:4096s:4194303s:4190208s:ext4::boot;

Model: Loopback device (loopback)
Number  Start  End       Size      Type      File system  Flags
 1      2048s  4194303s  4192256s  extended
 5      4096s  4194303s  4190208s  logical   ext4         boot
`
  test('sfdisk and parted tell the same', () => {
    const ours = parsePartitions(SFDISK, '/dev/nvme0n1')
    expect(ours?.partitions.map(({ number, type, start, size }) => [number, type, start, size])).toEqual([
      [1, 'extended', 2048, 4192256],
      [5, 'logical', 4096, 4190208],
    ])
    expect(ours?.label).toBe('msdos')
    expect(parsePartitions(PARTED, '/dev/loop0')?.partitions).toEqual(ours?.partitions)
  })
  test('gpt: names, attributes and flags', () => {
    const table = parsePartitions(
      `sfdisk\n${JSON.stringify({ partitiontable: { label: 'gpt', id: 'D6D1', firstlba: 2048, lastlba: 4194270, partitions: [{ node: '/dev/vdb3', start: 40960, size: 20480, type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', uuid: '251D', name: 'my data', attrs: 'LegacyBIOSBootable GUID:62' }] } })}`,
      '/dev/vdb',
    )
    expect(table).toMatchObject({ label: 'gpt', firstUsable: 2048, lastUsable: 4194270 })
    const [one] = table?.partitions ?? []
    expect(one).toMatchObject({
      number: 3,
      type: 'primary',
      name: 'my data',
      attributes: ['LegacyBIOSBootable', 'GUID:62'],
    })
    expect(one && flagsOf('gpt', one)).toEqual(['boot', 'esp', 'legacy_boot'])
  })
  test('blank disks', () => {
    expect(
      parsePartitions('sfdisk\nsfdisk: /dev/vdb: does not contain a recognized partition table\n', '/dev/vdb'),
    ).toBeNull()
    expect(
      parsePartitions(
        'parted\nError: /dev/vdb: unrecognised disk label\nBYT;\n/dev/vdb:4194304s:virtblk:512:512:unknown:Virtio:;\n',
        '/dev/vdb',
      ),
    ).toBeNull()
  })
  test('what cannot be read is no blank disk', () => {
    expect(() => parsePartitions('missing\n', '/dev/vdb')).toThrow(/neither sfdisk.*nor parted/)
    expect(() => parsePartitions('sfdisk\nsfdisk: cannot open /dev/vdb: Permission denied\n', '/dev/vdb')).toThrow(
      /Permission denied/,
    )
  })
})

test('room, memory and sizes', () => {
  expect(
    parseDiskSpace(
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 264212084 22932380 83458532 22% /my disk\ntype ext2/ext3\n',
    ),
  ).toEqual({
    total: 264212084 * 1024,
    available: 83458532 * 1024,
    mountPoint: '/my disk',
    fstype: 'ext2/ext3',
  })
  expect(parseDiskSpace('')).toBeNull()
  expect(parseMemory('MemTotal: 1000 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 20 kB\n')).toMatchObject({
    available: 35 * 1024,
  })
  expect(
    parseFilesystemSize('Block count:              523776\nBlock size:               4096\n', '/dev/a', 'ext4'),
  ).toEqual({ size: 523776 * 4096, block: 4096 })
  expect(parseFilesystemSize('dblocks = 130816\nblocksize = 4096\n', '/dev/a', 'xfs')).toEqual({
    size: 130816 * 4096,
    block: 4096,
  })
  const info =
    'meta-data=/dev/a isize=512\n         =    sectsz=512\ndata     =                       bsize=4096   blocks=153600, imaxpct=25\n'
  expect(parseFilesystemSize(info, '/dev/a', 'xfs')).toEqual({ size: 153600 * 4096, block: 4096 })
  expect(() => parseFilesystemSize('', '/dev/a', 'xfs')).toThrow(UnreadableFact)
})

describe.each(SHELLS)('read with %s', (...shell) => {
  test('this machine has mounts, maybe swap, and nothing at a path that is not there', async () => {
    const [mounted] = await readLocally([mounts()], shell)
    expect(mounted).toContainEqual(expect.objectContaining({ target: '/' }))
    expect(await readLocally([swaps()], shell)).toEqual([expect.any(Array)])
    expect(await readLocally([disk('/dev/no such'), disk('/dev/null')], shell)).toEqual([null, null])
    expect(await readLocally([partitions('/dev/no such')], shell)).toEqual([null])
    expect(await readLocally([signature('/dev/no such')], shell)).toEqual([null])
  })
})
