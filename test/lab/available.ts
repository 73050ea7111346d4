import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const programs = [
  'systemd-nspawn',
  'debootstrap',
  'mkfs.xfs',
  'mkfs.ext4',
  'losetup',
  'ip',
  'nsenter',
  'unshare',
  'setpriv',
  'flock',
  'ssh',
]

/** Why the lab cannot run here, or undefined where it can. */
export const missing = reason()

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux'
  if (process.getuid?.() !== 0) return 'it needs root'
  const absent = programs.filter((program) => !isInstalled(program))
  return absent.length > 0 ? `install ${absent.join(', ')} (as root: sh test/install-needs.sh)` : undefined
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

if (missing && process.env['CI'])
  throw new Error(`CI has to run the tests on lab hosts, and the lab cannot run here: ${missing}`)

/** Whether the lab can run here. Suites that need it are skipped elsewhere, except in CI, where importing this fails. */
export const labAvailable = missing === undefined

/** Why the lab's virtual machine cannot run here, or undefined where it can. */
export const missingForVm =
  missing ??
  (process.arch !== 'x64'
    ? 'it needs a machine of the kind x86-64'
    : isInstalled('qemu-system-x86_64')
      ? undefined
      : 'install qemu-system-x86 (as root: sh test/install-needs.sh)')

if (missingForVm && process.env['CI'])
  throw new Error(`CI has to run the tests on the lab's virtual machine, which cannot run here: ${missingForVm}`)

/** Whether the lab's virtual machine can run here. */
export const vmAvailable = missingForVm === undefined
