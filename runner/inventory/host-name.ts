import { isIPv6 } from 'node:net'
import { expandHostRange } from './host-range.ts'
import { Malformed } from './malformed.ts'

/** What a host entry says: the names it stands for, and the port behind them. */
export interface HostEntry {
  readonly names: readonly string[]
  readonly port: number | undefined
}

/**
 * Reads a host entry: `name`, `name:port`, ranges (`web[1:3]:2222`), IPv6 addresses (`::1`, `[::1]:22`). Throws `Malformed` with
 * the offset in the entry.
 */
export function readHostEntry(entry: string): HostEntry {
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(entry)
  if (bracketed?.[1] !== undefined && isIPv6(bracketed[1])) {
    return { names: [bracketed[1]], port: bracketed[2] === undefined ? undefined : readPort(bracketed[2], entry) }
  }
  if (isIPv6(entry)) return { names: [entry], port: undefined }
  const colon = colonOutsideRanges(entry)
  if (colon === -1) return { names: expandHostRange(entry), port: undefined }
  return { names: expandHostRange(entry.slice(0, colon)), port: readPort(entry.slice(colon + 1), entry) }
}

function colonOutsideRanges(entry: string): number {
  return entry.replaceAll(/\[[^\]]*\]/g, (range) => '_'.repeat(range.length)).indexOf(':')
}

function readPort(text: string, entry: string): number {
  const port = Number(text)
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65_535) return port
  const hint =
    text === '' ? 'remove the ":", or name the file *.yml if it is YAML' : 'a port is a number from 1 to 65535'
  throw new Malformed(`"${text}" after the ":" of host "${entry}" is not a port`, entry.length - text.length, hint)
}
