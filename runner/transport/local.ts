import { startChild } from './child-program.ts'
import { dialLocally } from './dial.ts'
import { newMeter, type Line, type Program } from './line.ts'
import { ConnectionError } from './transport.ts'

/** The controller as a host: programs are its own children. */
export function openLocal(): Line {
  const meter = { ...newMeter(), connects: 1 }
  return {
    meter,
    lost: undefined,
    async start(command): Promise<Program> {
      meter.channels++
      try {
        return await startChild(['/bin/sh', '-c', command])
      } catch (error) {
        throw new ConnectionError('refused', `/bin/sh could not be started on this machine: ${String(error)}`)
      }
    },
    dial: (address) => dialLocally(address, meter),
    close: async () => {},
  }
}
