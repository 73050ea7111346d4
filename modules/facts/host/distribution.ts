import type { JsonObject } from '../../../schema/infer.ts'
import { assignments, firstLine, type Reading } from './reading.ts'

/** os-release's ID → Ansible's name. */
const NAMES: { readonly [id: string]: string } = {
  debian: 'Debian', ubuntu: 'Ubuntu', raspbian: 'Debian', linuxmint: 'Linux Mint', kali: 'Kali', devuan: 'Devuan', pop: 'Pop!_OS',
  centos: 'CentOS', rhel: 'RedHat', fedora: 'Fedora', rocky: 'Rocky', almalinux: 'AlmaLinux', ol: 'OracleLinux', amzn: 'Amazon',
  scientific: 'Scientific', alpine: 'Alpine', arch: 'Archlinux', manjaro: 'Manjaro', gentoo: 'Gentoo', opensuse: 'openSUSE',
  'opensuse-leap': 'openSUSE Leap', 'opensuse-tumbleweed': 'openSUSE Tumbleweed', sles: 'SLES', sled: 'SLED', void: 'Void',
  virtuozzo: 'Virtuozzo', openeuler: 'openEuler', clear: 'Clear Linux OS', openwrt: 'OpenWrt',
} // prettier-ignore

const FAMILIES: { readonly [family: string]: readonly string[] } = {
  Debian: ['Debian', 'Ubuntu', 'Linux Mint', 'Kali', 'Devuan', 'Pop!_OS'],
  RedHat: [
    'RedHat', 'CentOS', 'Fedora', 'Rocky', 'AlmaLinux', 'OracleLinux', 'Amazon', 'Scientific', 'Virtuozzo', 'openEuler',
  ],
  Suse: ['openSUSE', 'openSUSE Leap', 'openSUSE Tumbleweed', 'SLES', 'SLED'],
  Archlinux: ['Archlinux', 'Manjaro'],
  Alpine: ['Alpine'],
  Gentoo: ['Gentoo'],
} // prettier-ignore

/** Ansible's distribution facts. */
export function distribution(reading: Reading): JsonObject {
  const release = assignments(reading.files.get('/etc/os-release') ?? reading.files.get('/usr/lib/os-release') ?? [])
  const id = release.get('ID') ?? ''
  const like = (release.get('ID_LIKE') ?? '').split(' ')
  const redhat = firstLine(reading, '/etc/redhat-release')
  const name = NAMES[id] ?? redhat?.split(/ (?:Linux )?release /)[0] ?? release.get('NAME') ?? 'Linux'
  const version = versionOf(reading, name, release)
  const [major, minor] = version.split('.')
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: version === 'NA' ? 'NA' : (major ?? 'NA'),
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: releaseName(name, release, redhat, minor),
    distribution_file_parsed: release.size > 0 || redhat !== undefined,
    distribution_file_path:
      redhat !== undefined && familyOf(name, like) === 'RedHat' ? '/etc/redhat-release' : '/etc/os-release',
    distribution_file_variety: redhat !== undefined && familyOf(name, like) === 'RedHat' ? 'RedHat' : name,
    os_family: familyOf(name, like),
    lsb: lsb(reading, release),
  }
}

function familyOf(name: string, like: readonly string[]): string {
  const own = Object.entries(FAMILIES).find(([, members]) => members.includes(name))?.[0]
  if (own !== undefined) return own
  const relative = like.flatMap((id) => NAMES[id] ?? [])[0]
  return relative === undefined ? name : familyOf(relative, [])
}

/** The most exact version that the host states. */
function versionOf(reading: Reading, name: string, release: ReadonlyMap<string, string>): string {
  const stated = release.get('VERSION_ID') ?? 'NA'
  const debian = firstLine(reading, '/etc/debian_version')
  if (name === 'Debian' && debian && /^\d/.test(debian)) return debian
  if (name === 'Alpine') return firstLine(reading, '/etc/alpine-release') ?? stated
  if (name === 'CentOS') {
    // os-release has the major version alone; the whole is `7.9.2009`, of which the date is left out.
    const exact = /release (\d+(?:\.\d+)?)/.exec(firstLine(reading, '/etc/centos-release') ?? '')?.[1]
    return exact ?? stated
  }
  return stated
}

function releaseName(
  name: string,
  release: ReadonlyMap<string, string>,
  redhat: string | undefined,
  minor: string | undefined,
): string {
  const codename = release.get('VERSION_CODENAME') ?? release.get('UBUNTU_CODENAME')
  if (codename) return codename
  if (name.startsWith('openSUSE') || name.startsWith('SLE')) return minor ?? 'NA'
  if (name === 'Fedora') return ''
  const inBrackets = /\(([^)]+)\)/.exec(redhat ?? release.get('VERSION') ?? '')?.[1]
  return inBrackets ?? 'NA'
}

function lsb(reading: Reading, release: ReadonlyMap<string, string>): JsonObject {
  const file = assignments(reading.files.get('/etc/lsb-release') ?? [])
  const debian = release.get('ID') === 'debian'
  const id = file.get('DISTRIB_ID') ?? (debian ? 'Debian' : undefined)
  const number = file.get('DISTRIB_RELEASE') ?? release.get('VERSION_ID') ?? ''
  if (id === undefined) return {}
  return {
    id,
    release: number,
    major_release: number.split('.')[0] ?? '',
    codename: file.get('DISTRIB_CODENAME') ?? release.get('VERSION_CODENAME') ?? '',
    description: file.get('DISTRIB_DESCRIPTION') ?? release.get('PRETTY_NAME') ?? '',
  }
}
