import { expect, test } from 'vitest'
import { missingOptions, mountOptions } from '../../../modules/lib/mount-options.ts'

test.each([
  ['defaults', ['rw', 'relatime'], []],
  ['defaults', ['ro', 'relatime'], ['rw']],
  ['noatime,ro', ['rw', 'relatime'], ['ro', 'noatime']],
  ['defaults', ['rw', 'noatime'], []],
  ['defaults,noauto,nofail,x-systemd.automount', ['rw', 'relatime'], []],
  ['user', ['rw', 'noexec', 'nosuid', 'nodev'], []],
  ['user,exec', ['rw', 'noexec', 'nosuid', 'nodev'], ['exec']],
  ['size=16m', ['rw', 'size=16384k'], []],
  ['size=1G', ['rw', 'size=16384k'], ['size=1G']],
  ['mode=0755,uid=0', ['rw', 'mode=755', 'uid=0'], []],
  ['uid=mysql', ['rw', 'uid=27'], []],
  ['subvol=data', ['rw', 'subvol=/data'], []],
  ['errors=remount-ro', ['rw', 'relatime'], []],
])('%s where the kernel shows %j lacks %j', (asked, mounted, lacking) => {
  expect(missingOptions(asked, mounted)).toEqual(lacking)
})

test('mount is given what concerns the mount, not what concerns booting', () => {
  expect(mountOptions('defaults,noauto,_netdev,noatime,x-systemd.device-timeout=5')).toBe('noatime')
  expect(mountOptions('bind,ro')).toBe('bind,ro')
})
