import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A line of a known_hosts file: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly file: string
  readonly line: number
  readonly marker: 'revoked' | 'cert-authority' | undefined
  /** Comma-separated patterns, or one hashed name. */
  readonly names: string
  readonly type: string
  readonly key: Buffer
}

/** Lines that are not understood are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, index): readonly KnownHost[] => {
    const words = line.trim().split(/\s+/)
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) return []
    const marker = words[0].startsWith('@') ? words.shift()?.slice(1) : undefined
    const [names, type, key] = words
    if (names === undefined || type === undefined || key === undefined) return []
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return []
    return [{ file, line: index + 1, marker, names, type, key: Buffer.from(key, 'base64') }]
  })
}

/** The lines of a file, found by name: of a thousand hosts, each is not compared with all. */
export class KnownHosts {
  readonly #byName = new Map<string, KnownHost[]>()
  /** Lines that may be about any host. */
  readonly #others: KnownHost[] = []

  constructor(lines: readonly KnownHost[]) {
    for (const known of lines) {
      const names = /[*?!|]/.test(known.names) ? undefined : new Set(known.names.toLowerCase().split(','))
      if (names === undefined) this.#others.push(known)
      for (const name of names ?? []) {
        const same = this.#byName.get(name)
        if (same === undefined) this.#byName.set(name, [known])
        else same.push(known)
      }
    }
  }

  /** The lines about a host, in order; `name` as `knownHostsName` gives it. */
  about(name: string): readonly KnownHost[] {
    const others = this.#others.filter((known) => isAbout(known, name))
    return [...(this.#byName.get(name) ?? []), ...others].toSorted((a, b) => a.line - b.line)
  }
}

/** The name that known_hosts has for a host and port. */
export function knownHostsName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

/** Whether a line is about this host; `name` as `knownHostsName` gives it. A negated pattern that matches wins. */
export function isAbout(known: KnownHost, name: string): boolean {
  if (known.names.startsWith('|')) {
    const [, version, salt, hash] = known.names.split('|')
    return version === '1' && salt !== undefined && hashName(name, Buffer.from(salt, 'base64')) === hash
  }
  return isListed(known.names.toLowerCase().split(','), name)
}

/** Whether patterns mean a name: one of them does, and none that is negated. */
export function isListed(patterns: readonly string[], name: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && isLike(pattern.slice(1), name))) return false
  return patterns.some((pattern) => isLike(pattern, name))
}

/** A pattern as ssh has it: `*` and `?`. */
export function isLike(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}

const hashName = (name: string, salt: Buffer): string => createHmac('sha1', salt).update(name).digest('base64')

/** A new line for a host's key. */
export function knownHostsLine(name: string, key: Buffer, hashed: boolean): string {
  const salt = randomBytes(20)
  const names = hashed ? `|1|${salt.toString('base64')}|${hashName(name, salt)}` : name
  return `${names} ${keyType(key)} ${key.toString('base64')}\n`
}

/** The type that a public key in the wire format begins with: RFC 4253, 6.6. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? 'unknown' : key.toString('latin1', 4, 4 + key.readUInt32BE(0))
}

/** As `ssh-keygen -l` writes it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}
