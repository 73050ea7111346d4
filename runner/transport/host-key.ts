import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { quote } from '../../modules/lib/quote.ts'
import { fromFile } from './from-file.ts'
import {
  fingerprint,
  isAbout,
  keyType,
  knownHostsLine,
  knownHostsName,
  KnownHosts,
  parseKnownHosts,
  type KnownHost,
} from './known-hosts.ts'
import { ConnectionError } from './transport.ts'

/** What decides whether a host's key is taken. */
export interface HostKeyPolicy {
  readonly checking: 'yes' | 'accept-new' | 'no'
  /** HostKeyAlias, or the address. */
  readonly host: string
  readonly port: number
  readonly files: readonly string[]
  /** Where a new host's key is added. */
  readonly addTo: string | undefined
  readonly hash: boolean
}

/** Reads the lines about a host; a file that is not there has none. With a port of its own, lines without a port count for less. */
export async function knownKeys(policy: HostKeyPolicy): Promise<HostKeys> {
  const files = await Promise.all(policy.files.map(readKnownHosts))
  const about = (name: string): readonly KnownHost[] => files.flatMap((file) => file.about(name))
  const own = about(knownHostsName(policy.host, policy.port))
  return { own, portless: policy.port === 22 ? [] : about(policy.host.toLowerCase()) }
}

/** By path. */
const readKnownHosts = fromFile(
  (text, file) => new KnownHosts(parseKnownHosts(text.toString('utf8'), file)),
  () => new KnownHosts([]),
)

export interface HostKeys {
  readonly own: readonly KnownHost[]
  /** Taken when they hold the very key, as ssh does, and never held against a host. */
  readonly portless: readonly KnownHost[]
}

/** Says why a host's key is not taken; nothing where it is. Adds the key of a new host where the policy is `accept-new`. */
export async function refuseHostKey(
  policy: HostKeyPolicy,
  known: HostKeys,
  key: Buffer,
): Promise<ConnectionError | undefined> {
  if (policy.checking === 'no') return undefined
  const same = [...known.own, ...known.portless].filter((line) => line.key.equals(key))
  const revoked = same.find((line) => line.marker === 'revoked')
  if (revoked)
    return refusal(
      `the key of ${policy.host} is revoked in ${at(revoked)}: ${keyText(key)}. Do not connect until its keeper has explained it`,
    )
  if (same.some((line) => line.marker === undefined)) return undefined

  const plain = known.own.filter((line) => line.marker === undefined)
  const old = plain.find((line) => line.type === keyType(key)) ?? plain[0]
  if (old) return refusal(changed(policy, old, key))
  const authority = known.own.find((line) => line.marker === 'cert-authority')
  if (authority) {
    return refusal(
      `${policy.host} is known by its certificate authority alone (${at(authority)}), and drover cannot check host certificates: ` +
        `add its key, ${keyText(key)}, to known_hosts: ${scan(policy)}`,
    )
  }
  if (policy.checking === 'yes') {
    return refusal(
      `the host key of ${policy.host} is not known: ${keyText(key)}. Compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_${short(key)}_key.pub), then ` +
        `add it: ${scan(policy)}. To trust new hosts at first sight, set host key checking to accept-new`,
    )
  }
  await addKey(policy, key)
  return undefined
}

const refusal = (message: string): ConnectionError => new ConnectionError('host-key', message)
const at = (known: KnownHost): string => `${known.file}:${known.line}`
const keyText = (key: Buffer): string => `${keyType(key)} ${fingerprint(key)}`
const short = (key: Buffer): string => /ed25519|ecdsa|rsa/.exec(keyType(key))?.[0] ?? '*'

function scan({ host, port, addTo }: HostKeyPolicy): string {
  return `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${quote(host)} >> ${quote(addTo ?? '~/.ssh/known_hosts')}`
}

function changed(policy: HostKeyPolicy, old: KnownHost, key: Buffer): string {
  return (
    `the host key of ${policy.host} has changed: it shows ${keyText(key)}, but ${at(old)} has ${keyText(old.key)}. ` +
    `Either the host was installed anew, or someone is in between. If you are sure that it is the first: ` +
    `ssh-keygen -f ${quote(old.file)} -R ${quote(knownHostsName(policy.host, policy.port))}`
  )
}

/** One write at a time for each file, so that a last line without an end is seen. */
const writes = new Map<string, Promise<void>>()

async function addKey({ addTo, host, port, hash }: HostKeyPolicy, key: Buffer): Promise<void> {
  if (addTo === undefined) return
  const write = addAfter(writes.get(addTo) ?? Promise.resolve(), addTo, knownHostsName(host, port), key, hash)
  writes.set(
    addTo,
    write.catch(() => {}),
  )
  await write.catch((error: unknown) => {
    throw new ConnectionError('host-key', `the key of ${host} could not be added to ${addTo}: ${String(error)}`)
  })
}

async function addAfter(earlier: Promise<void>, file: string, name: string, key: Buffer, hash: boolean): Promise<void> {
  await earlier
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const text = await readFile(file, 'utf8').catch(() => '')
  if (parseKnownHosts(text, file).some((known) => known.key.equals(key) && isAbout(known, name))) return
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, gap + knownHostsLine(name, key, hash), { mode: 0o600 })
}
