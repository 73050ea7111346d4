import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2'
import type { SshConfig } from './ssh-config.ts'
import { ConnectionError } from './transport.ts'

// The fastest of those that are held to be safe come first.
const KEX: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group-exchange-sha256',
]
const CIPHERS: readonly CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
]
const MACS: readonly MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
]
const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

// For old hosts, and only where the user's ssh configuration allows them.
const OLD_KEX: readonly KexAlgorithm[] = [
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group1-sha1',
]
const OLD_CIPHERS: readonly CipherAlgorithm[] = ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc']
const OLD_MACS: readonly MacAlgorithm[] = ['hmac-sha1-etm@openssh.com', 'hmac-sha1']
const OLD_HOST_KEYS: readonly ServerHostKeyAlgorithm[] = ['ssh-rsa', 'ssh-dss']

/**
 * What to offer to a host: what is safe and the user's ssh allows. Types of host keys that are known of the host come first, so that it
 * shows one that can be compared. Throws `ConnectionError` where nothing is left of what the user allows.
 */
export function algorithms(allowed: SshConfig['allowed'], knownTypes: readonly string[]): Algorithms {
  const hostKeys = choose('HostKeyAlgorithms', HOST_KEYS, OLD_HOST_KEYS, allowed?.hostKeys)
  const isKnown = (name: string): boolean => knownTypes.includes(name.startsWith('rsa-sha2') ? 'ssh-rsa' : name)
  return {
    kex: choose('KexAlgorithms', KEX, OLD_KEX, allowed?.kex),
    cipher: choose('Ciphers', CIPHERS, OLD_CIPHERS, allowed?.ciphers),
    hmac: choose('MACs', MACS, OLD_MACS, allowed?.macs),
    serverHostKey: [...hostKeys.filter(isKnown), ...hostKeys.filter((name) => !isKnown(name))],
    compress: ['none'],
  }
}

function choose<Name extends string>(
  option: string,
  safe: readonly Name[],
  old: readonly Name[],
  allowed: readonly string[] | undefined,
): Name[] {
  if (!allowed || allowed.length === 0) return [...safe]
  const chosen = [...safe, ...old].filter((name) => allowed.includes(name))
  if (chosen.length > 0) return chosen
  throw new ConnectionError(
    'refused',
    `your ssh configuration allows no ${option} that drover knows: it allows ${allowed.join(', ')}; drover knows ${[...safe, ...old].join(', ')}`,
  )
}
