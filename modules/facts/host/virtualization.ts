import type { JsonObject } from '../../../schema/infer.ts'
import { fileText, firstLine, sectionText, type Reading } from './reading.ts'

/** What systemd and container managers call themselves → Ansible's names. */
const CONTAINERS: { readonly [name: string]: string } = {
  'systemd-nspawn': 'systemd-nspawn', docker: 'docker', podman: 'podman', lxc: 'lxc', 'lxc-libvirt': 'lxc', oci: 'container', wsl: 'wsl',
} // prettier-ignore
const MACHINES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(?:KVM|OpenStack Nova|Bochs|AHV|OpenStack Compute|RHEV Hypervisor|oVirt)/, 'kvm'],
  [/^VMware/, 'VMware'],
  [/^VirtualBox/, 'virtualbox'],
  [/^HVM domU/, 'xen'],
  [/^Parallels/, 'parallels'],
]

/** Ansible's `virtualization_type` and `virtualization_role`: what the host is in, or what it is for others. */
export function virtualization(reading: Reading): JsonObject {
  const marks = sectionText(reading, 'marks').split('\n')
  const guest = guestOf(reading, marks)
  const hosts = marks.includes('/dev/kvm') ? ['kvm'] : []
  const [type, role] = guest.length > 0 ? [guest[0] ?? '', 'guest'] : hosts.length > 0 ? ['kvm', 'host'] : ['NA', 'NA']
  return {
    virtualization_type: type,
    virtualization_role: role,
    virtualization_tech_guest: [...guest],
    virtualization_tech_host: [...hosts],
  }
}

/** The innermost first; a container that Ansible has no type for is a `container` before anything else. */
function guestOf(reading: Reading, marks: readonly string[]): readonly string[] {
  const manager = firstLine(reading, '/run/systemd/container') ?? firstLine(reading, '/run/host/container-manager')
  const group = fileText(reading, '/proc/1/cgroup')
  const container = manager ? (CONTAINERS[manager] ?? manager) : null
  const found = [
    ...(marks.includes('/.dockerenv') || /\/docker(?:\/|-[0-9a-f]+\.scope)/.test(group) ? ['docker'] : []),
    ...(marks.includes('/run/.containerenv') ? ['podman'] : []),
    ...(/\/(?:lxc|machine\.slice\/machine-lxc)/.test(group) || marks.includes('/proc/lxc') ? ['lxc'] : []),
    ...(container ? [container] : []),
  ]
  if (found.length > 0)
    return [...new Set([...found.filter((name) => name !== 'systemd-nspawn'), 'container', ...found])]
  if (marks.includes('/proc/vz') && !marks.includes('/proc/bc')) return ['openvz']
  if (marks.includes('/proc/xen'))
    return fileText(reading, '/proc/xen/capabilities').includes('control_d') ? [] : ['xen']
  const [product, vendor] = ['product_name', 'sys_vendor'].map(
    (file) => firstLine(reading, `/sys/class/dmi/id/${file}`) ?? '',
  )
  const machine = MACHINES.find(([pattern]) => pattern.test(product ?? ''))?.[1]
  if (machine) return [machine]
  if (vendor === 'QEMU' || vendor === 'Amazon EC2' || vendor === 'DigitalOcean' || vendor === 'Google') return ['kvm']
  if (vendor === 'Microsoft Corporation' && product === 'Virtual Machine') return ['VirtualPC']
  if (vendor === 'Xen') return ['xen']
  const cpus = fileText(reading, '/proc/cpuinfo')
  if (/^model name\s*:.*QEMU Virtual CPU/m.test(cpus)) return ['kvm']
  return /^flags\s*:.*\bhypervisor\b/m.test(cpus) ? ['kvm'] : []
}
