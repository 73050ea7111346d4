import type { Json, JsonObject } from '../../../schema/infer.ts'
import { PACKAGE_MANAGERS } from './script.ts'
import { firstLine, sectionText, type Reading } from './reading.ts'

/** The package manager and the service manager. */
export function managers(reading: Reading, family: string): JsonObject {
  const marks = sectionText(reading, 'marks').split('\n')
  const present = PACKAGE_MANAGERS.flatMap(([path, name]) => (marks.includes(path) ? [name] : []))
  // Debian has dnf, and Fedora apt, in its archive: the family's own comes first.
  const own = family === 'Debian' && present.includes('apt') ? 'apt' : present[0]
  const init = firstLine(reading, '/proc/1/comm') ?? 'NA'
  const service = marks.includes('/run/systemd/system')
    ? 'systemd'
    : marks.includes('/run/openrc/softlevel')
      ? 'openrc'
      : init === 'init' || init === 'bash' || init === 'sh'
        ? 'sysvinit'
        : init
  return { pkg_mgr: own ?? 'unknown', service_mgr: service }
}

/** Python, where the host has one: drover needs none. */
export function python(reading: Reading): JsonObject {
  const [executable, type, major, minor, micro, releaselevel, serial] = sectionText(reading, 'python').split(' ')
  if (!executable || !type) return {}
  const numbers = [major, minor, micro].map(Number)
  const version = {
    major: numbers[0] ?? 0,
    minor: numbers[1] ?? 0,
    micro: numbers[2] ?? 0,
    releaselevel: releaselevel ?? 'final',
    serial: Number(serial),
  }
  return {
    python_version: numbers.join('.'),
    python: {
      executable,
      type,
      has_sslcontext: true,
      version,
      version_info: [version.major, version.minor, version.micro, version.releaselevel, version.serial],
    },
  }
}

/** The user that the task runs as: id(1), and its line of passwd(5). */
export function user(reading: Reading): JsonObject {
  const id = sectionText(reading, 'id')
  const [uid, name] = /uid=(\d+)(?:\(([^)]*)\))?/.exec(id)?.slice(1) ?? []
  const gid = Number(/gid=(\d+)/.exec(id)?.[1] ?? 0)
  const line = sectionText(reading, 'passwd') || sectionText(reading, 'getent')
  const [, , , , gecos, home, shell] = line.split(':')
  const effective = Number(/euid=(\d+)/.exec(id)?.[1] ?? uid ?? 0)
  return {
    user_id: name ?? uid ?? '',
    user_uid: Number(uid ?? 0),
    user_gid: gid,
    user_gecos: gecos ?? '',
    user_dir: home ?? '',
    user_shell: shell ?? '',
    real_user_id: Number(uid ?? 0),
    effective_user_id: effective,
    real_group_id: gid,
    effective_group_id: Number(/egid=(\d+)/.exec(id)?.[1] ?? gid),
  }
}

/** The environment, of `env -0` or of an `env` that does not know it. */
export function environment(reading: Reading): JsonObject {
  const text = reading.sections.get('env') ?? ''
  const entries = text.includes('\0') ? text.split('\0') : text.split('\n')
  return {
    env: Object.fromEntries(
      entries.flatMap((entry) => {
        const equals = entry.indexOf('=')
        return equals > 0 ? [[entry.slice(0, equals), entry.slice(equals + 1)]] : []
      }),
    ),
  }
}

/** The host's own facts (`facts.d`): JSON, or sections of an ini file; what is neither, as a message. */
export function localFacts(reading: Reading): JsonObject {
  return {
    local: Object.fromEntries(
      [...reading.sections].flatMap(([name, text]) =>
        name.startsWith('local ')
          ? [[name.slice('local '.length).replace(/\.fact$/, ''), localFact(name.slice('local '.length), text)]]
          : [],
      ),
    ),
  }
}

function localFact(name: string, text: string): Json {
  try {
    // What a JSON text holds is Json.
    return JSON.parse(text) as Json
  } catch {
    return iniFact(text) ?? `error loading facts as JSON or ini - please check content: ${name}`
  }
}

/** An ini file as configparser reads it: options in lower case. Null where the text is none. */
function iniFact(text: string): JsonObject | null {
  const sections: { [name: string]: { [option: string]: string } } = {}
  let current: { [option: string]: string } | null = null
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const heading = /^\[(.+)\]$/.exec(line)?.[1]
    const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line)
    if (heading !== undefined) sections[heading] = current = {}
    else if (option?.[1] && current) current[option[1].toLowerCase()] = option[2] ?? ''
    else return null
  }
  return sections
}
