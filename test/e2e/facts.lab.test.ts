import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../schema/infer.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { run } from '../lab/run.ts'
import { sharedLab } from '../lab/shared.ts'
import { hasAnsible } from '../runner/engine/ansible.ts'
import { report, troubles, workplace } from './drover.ts'

/**
 * Names whose values differ for a reason: clocks and loads move on; drover's login has no terminal, and a locale of its own; Ansible before
 * 2.16 leaves out Debian's minor version; drover knows what `lsb_release` would say where that is not installed.
 */
const different =
  /^(date_time|env|loadavg|mem.*|memory_mb|mounts|swap.*|uptime_seconds|devices|distribution_version|distribution_minor_version|lsb|discovered_.*|fibre_channel_wwn|hostnqn|iscsi_iqn|lvm|system_capabilities|module_setup|gather_subset|effective_.*|real_.*)$/

describe.skipIf(!labAvailable || !hasAnsible)('what is gathered of a host', () => {
  let lab: Lab
  let drovers: JsonObject
  let ansibles: JsonObject
  beforeAll(async () => {
    lab = sharedLab()
    await lab.node('n1').reset()
    const work = workplace()
    try {
      const gathered = await report([work.file('gather.yml', '- { hosts: n1 }\n'), '-i', lab.inventory])
      if (troubles(gathered).length > 0) throw new Error(troubles(gathered).join('\n'))
      drovers = gathered.results.get('Gathering Facts @ n1')?.result?.['ansible_facts'] as JsonObject
    } finally {
      work.remove()
    }
    const { ansible_facts } = JSON.parse(
      (await run(['ansible', 'n1', '-i', lab.inventory, '-m', 'setup', '--one-line'])).replace(/^.*?=> /, ''),
    ) as { readonly ansible_facts: JsonObject }
    ansibles = Object.fromEntries(
      Object.entries(ansible_facts).map(([name, value]) => [name.replace('ansible_', ''), value]),
    )
  })

  it('has the names that Ansible has, with the same values', () => {
    const names = Object.keys(ansibles).filter((name) => !different.test(name))
    expect(names.length).toBeGreaterThan(60)
    const of = (facts: JsonObject): JsonObject =>
      Object.fromEntries(
        names.map((name) => [
          name,
          /_tech_guest$|^interfaces$/.test(name) ? sorted(facts[name]) : (facts[name] ?? null),
        ]),
      )
    expect(of(drovers)).toEqual(of(ansibles))
  })

  it('agrees on what is said in more detail', () => {
    expect(drovers['distribution_major_version']).toBe(ansibles['distribution_major_version'])
    expect(drovers['distribution_version']).toMatch(/^\d+\.\d+$/)
    expect(drovers['memtotal_mb']).toBe(ansibles['memtotal_mb'])
    expect(mounts(drovers)).toEqual(mounts(ansibles))
    expect(Object.keys(drovers['devices'] as JsonObject)).toEqual(Object.keys(ansibles['devices'] as JsonObject))
  })
})

const mounts = (facts: JsonObject): unknown =>
  (facts['mounts'] as JsonObject[]).map(({ mount, device, fstype, options }) => ({
    mount,
    device,
    fstype,
    options,
  }))
const sorted = (list: unknown): string[] => (list as string[]).toSorted()
