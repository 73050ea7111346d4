import { createHash, createHmac } from 'node:crypto'

/** A line of known_hosts, as sshd(8) describes it. */
export interface HostLine {
  /** `@cert-authority` or `@revoked`; empty for a host's own key. */
  readonly marker: string
  /** Names as they are written, one of them possibly hashed. */
  readonly hosts: readonly string[]
  readonly type: string
  readonly key: string
  readonly comment: string
}

const TYPE = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/

/** A line with a key; null for a comment, an empty line, or what is none. */
export function parseHostLine(line: string): HostLine | null {
  const words = line.trim().split(/\s+/)
  const marker = words[0]?.startsWith('@') === true ? (words.shift() ?? '') : ''
  // ssh-keyscan's lines have names; what stands in a host's own .pub file has none.
  const hosts = TYPE.test(words[0] ?? '') ? '' : (words.shift() ?? '')
  const [type = '', key = '', ...comment] = words
  if (hosts.startsWith('#') || !TYPE.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(key)) return null
  return { marker, hosts: hosts.split(',').filter((host) => host !== ''), type, key, comment: comment.join(' ') }
}

export const hostLineText = ({ marker, hosts, type, key, comment }: HostLine): string =>
  [marker, hosts.join(','), type, key, comment].filter((word) => word !== '').join(' ')

const isHashed = (host: string): boolean => host.startsWith('|1|')

/** Whether a name of a line is that host: as it is written, in any case, or hashed. Patterns stand for many hosts and are nobody's own line. */
function isHost(written: string, name: string): boolean {
  if (!isHashed(written)) return written.toLowerCase() === name
  const [, , salt = '', hash = ''] = written.split('|')
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

/**
 * A name as ssh-keygen(1) -H hides it. The salt is made of the name and the key, so that planning twice gives one line: who wants to know
 * whether a name is the one must try it in either case.
 */
export function hashedHost(name: string, key: string): string {
  const salt = createHash('sha1').update(`${name}\n${key}`).digest()
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

export interface HostWish {
  readonly name: string
  /** The keys that the host has, or that are to go; none: all that there are of it. */
  readonly keys: readonly HostLine[]
  readonly state: 'present' | 'absent'
  readonly hash: boolean
}

/** The file with these keys of a host, each in place of another of its type, or without them. Markers and other hosts stay as they are. */
export function editHosts(text: string, wish: HostWish): string {
  const name = wish.name.toLowerCase()
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const done = new Set<HostLine>()
  const kept = lines.flatMap((line) => {
    const found = parseHostLine(line)
    if (found === null || !found.hosts.some((host) => isHost(host, name))) return [line]
    if (wish.state === 'absent') return isMeant(found, wish.keys) ? [] : [line]
    const key = wish.keys.find(({ marker, type }) => marker === found.marker && type === found.type)
    if (key === undefined) return [line]
    if (done.has(key)) return []
    done.add(key)
    return isRight(found, key, wish) ? [line] : written(key, wish)
  })
  const added =
    wish.state === 'absent' ? [] : wish.keys.filter((key) => !done.has(key)).flatMap((key) => written(key, wish))
  const all = [...kept, ...added]
  const made = all.length === 0 ? '' : `${all.join('\n')}\n`
  // A missing last newline alone is no reason to write.
  return made === `${text}\n` ? text : made
}

const isMeant = (found: HostLine, keys: readonly HostLine[]): boolean =>
  keys.length === 0
    ? found.marker === ''
    : keys.some(({ marker, type, key }) => marker === found.marker && type === found.type && key === found.key)

/** Whether a line needs no other in its place: the same key, hashed or not as asked, and with every name that is asked for. */
function isRight(found: HostLine, wanted: HostLine, { hash, name }: HostWish): boolean {
  if (found.key !== wanted.key) return false
  if (hash) return found.hosts.every(isHashed)
  return namesOf(wanted, name).every((each) => found.hosts.some((host) => host.toLowerCase() === each.toLowerCase()))
}

const namesOf = ({ hosts }: HostLine, name: string): readonly string[] => {
  const plain = hosts.filter((host) => !isHashed(host))
  return plain.length === 0 ? [name] : plain
}

/** Whether the names of a given key mean the host, or it has none. */
export const covers = ({ hosts }: HostLine, name: string): boolean =>
  hosts.length === 0 || hosts.some((host) => isHost(host, name.toLowerCase()))

/** The lines of a key: one with all its names, or one for each where they are hashed, as ssh-keygen does it. */
function written(key: HostLine, { hash, name }: HostWish): readonly string[] {
  if (!hash) return [hostLineText({ ...key, hosts: namesOf(key, name) })]
  if (key.hosts.length > 0 && key.hosts.every(isHashed)) return [hostLineText(key)]
  return namesOf(key, name).map((each) => hostLineText({ ...key, hosts: [hashedHost(each.toLowerCase(), key.key)] }))
}
