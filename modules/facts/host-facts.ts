import type { JsonObject } from '../../schema/infer.ts'
import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { distribution } from './host/distribution.ts'
import { devices, firmware, memoryFacts, processor } from './host/hardware.ts'
import { mountFacts } from './host/mounts.ts'
import { network } from './host/network.ts'
import { readReading } from './host/reading.ts'
import { hostScript } from './host/script.ts'
import { environment, localFacts, managers, python, user } from './host/software.ts'
import { security, system } from './host/system.ts'
import { virtualization } from './host/virtualization.ts'

/** Ansible's facts by the subset that they belong to, under their names without `ansible_`. */
export interface HostFacts {
  readonly min: JsonObject
  readonly hardware: JsonObject
  readonly network: JsonObject
  readonly virtual: JsonObject
}

/** Where a host keeps facts of its own. */
export const FACT_PATH = '/etc/ansible/facts.d'

const setup = defineFact<string, HostFacts>({
  name: 'host-facts',
  script: (paths) => paths.map(hostScript).join('\n'),
  parse: (raw) => parseHostFacts(raw.toString('utf8')),
  volatile: true,
  wide: true,
})
/** All that is to be known of a host, in one reading. */
export const hostFacts = (factPath: string = FACT_PATH): Fact<HostFacts> => setup(factPath)

/** What `hostScript` prints. Each fact is made by itself: what a host does not tell is missing. */
export function parseHostFacts(text: string): HostFacts {
  const reading = readReading(text)
  const os = distribution(reading)
  const family = typeof os['os_family'] === 'string' ? os['os_family'] : ''
  return {
    min: {
      ...os,
      ...system(reading),
      ...security(reading),
      ...managers(reading, family),
      ...python(reading),
      ...user(reading),
      ...environment(reading),
      ...localFacts(reading),
    },
    hardware: {
      ...processor(reading),
      ...memoryFacts(reading),
      ...devices(reading),
      ...mountFacts(reading),
      ...firmware(reading),
    },
    network: network(reading),
    virtual: virtualization(reading),
  }
}
