import type { Json, JsonObject } from '../../../schema/infer.ts'
import { assignments, fileText, firstLine, sectionText, type Reading } from './reading.ts'

/** Names and versions of the kernel and the host. */
export function system(reading: Reading): JsonObject {
  const machine = sectionText(reading, 'machine') || 'NA'
  const node = firstLine(reading, '/proc/sys/kernel/hostname') ?? 'localhost'
  const fqdn = sectionText(reading, 'fqdn').split(/\s/)[0] || node
  const [self, init] = sectionText(reading, 'roots').split('\n')
  const bits = /64|s390x/.test(machine) ? '64' : '32'
  return {
    system: firstLine(reading, '/proc/sys/kernel/ostype') ?? 'Linux',
    kernel: firstLine(reading, '/proc/sys/kernel/osrelease') ?? 'NA',
    kernel_version: firstLine(reading, '/proc/sys/kernel/version') ?? 'NA',
    machine,
    architecture: /^i[3-6]86$/.test(machine) ? 'i386' : machine,
    userspace_bits: bits,
    userspace_architecture: machine,
    nodename: node,
    hostname: node.split('.')[0] ?? node,
    fqdn,
    domain: fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '',
    machine_id: firstLine(reading, '/etc/machine-id') ?? firstLine(reading, '/var/lib/dbus/machine-id') ?? 'NA',
    uptime_seconds: Math.floor(Number((firstLine(reading, '/proc/uptime') ?? '0').split(' ')[0])),
    loadavg: load(firstLine(reading, '/proc/loadavg') ?? ''),
    cmdline: commandLineFacts(reading, false),
    proc_cmdline: commandLineFacts(reading, true),
    is_chroot: init !== undefined && self !== init,
    fips: firstLine(reading, '/proc/sys/crypto/fips_enabled') === '1',
    ...dateTime(sectionText(reading, 'date')),
    ...hostKeys(reading),
  }
}

function load(text: string): JsonObject {
  const [one, five, fifteen] = text.split(' ').map(Number)
  return { '1m': one ?? 0, '5m': five ?? 0, '15m': fifteen ?? 0 }
}

/** The kernel's command line; where a word comes again, the last value, or for `proc_cmdline` a list of all. */
function commandLineFacts(reading: Reading, lists: boolean): JsonObject {
  const facts: { [name: string]: Json } = {}
  for (const word of (firstLine(reading, '/proc/cmdline') ?? '').split(/\s+/).filter(Boolean)) {
    const equals = word.indexOf('=')
    const [name, value] = equals === -1 ? [word, true] : [word.slice(0, equals), word.slice(equals + 1)]
    const before = facts[name]
    facts[name] =
      lists && before !== undefined && equals !== -1 ? [...(Array.isArray(before) ? before : [before]), value] : value
  }
  return facts
}

/** `date` with `%Y %m %d %H %M %S %s %w %A %W %Z %z %N`; nanoseconds stay `%N` where date does not know them. */
export function dateTime(text: string): JsonObject {
  const [year, month, day, hour, minute, second, epoch, weekday, name, week, zone, offset, nanoseconds] =
    text.split(' ')
  if (!year || !month || !day || !hour || !minute || !second || !epoch) return {}
  const micro = /^\d{9}$/.test(nanoseconds ?? '') ? (nanoseconds ?? '').slice(0, 6) : '000000'
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19)
  return {
    date_time: {
      year, month, day, hour, minute, second, epoch, epoch_int: epoch,
      date: `${year}-${month}-${day}`,
      time: `${hour}:${minute}:${second}`,
      weekday: name ?? '', weekday_number: weekday ?? '', weeknumber: week ?? '',
      tz: zone ?? '', tz_dst: zone ?? '', tz_offset: offset ?? '',
      iso8601: `${utc}Z`,
      iso8601_micro: `${utc}.${micro}Z`,
      iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}${micro}`,
      iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
    },
  } // prettier-ignore
}

function hostKeys(reading: Reading): JsonObject {
  return Object.fromEntries(
    [...reading.files].flatMap(([path, lines]) => {
      const name = /^\/etc\/ssh\/ssh_host_(\w+)_key\.pub$/.exec(path)?.[1]
      const [type, key] = (lines[0] ?? '').split(' ')
      if (!name || !type || !key) return []
      return [
        [`ssh_host_key_${name}_public`, key],
        [`ssh_host_key_${name}_public_keytype`, type],
      ]
    }),
  )
}

/** Mandatory access control: SELinux's mode now, the configured one and the policy; AppArmor. */
export function security(reading: Reading): JsonObject {
  const marks = sectionText(reading, 'marks').split('\n')
  const enforce = firstLine(reading, '/sys/fs/selinux/enforce')
  const config = assignments(reading.files.get('/etc/selinux/config') ?? [])
  const caps = /^CapEff:\s*([0-9a-f]+)/m.exec(fileText(reading, '/proc/self/status'))?.[1]
  return {
    selinux:
      enforce === undefined
        ? { status: 'disabled' }
        : {
            status: 'enabled',
            mode: enforce === '1' ? 'enforcing' : 'permissive',
            config_mode: config.get('SELINUX') ?? 'unknown',
            policyvers: Number(firstLine(reading, '/sys/fs/selinux/policyvers') ?? 0) || 'unknown',
            type: config.get('SELINUXTYPE') ?? 'unknown',
          },
    // Ansible's own modules need this library on the host; nothing here does.
    selinux_python_present: true,
    apparmor: { status: marks.includes('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    ...(caps === undefined ? {} : { system_capabilities_enforced: /^0*[1-9a-f]/.test(caps) ? 'True' : 'False' }),
  }
}
