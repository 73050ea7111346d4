import ssh2, { type ParsedKey } from 'ssh2'

/** An Ed25519 key that ssh2 can use on both ends. */
export interface KeyPair {
  /** In OpenSSH's format. */
  readonly private: string
  readonly public: ParsedKey
}

type Generate = () => Readonly<Record<'private' | 'public', string>>

/**
 * Makes a key pair. One in 256 that ssh2 makes lacks a leading zero byte, and then nothing can read it
 * (https://github.com/mscdex/ssh2/issues/1513), so each is read before it is given away.
 */
export function makeKeyPair(generate: Generate = () => ssh2.utils.generateKeyPairSync('ed25519')): KeyPair {
  for (;;) {
    const pair = generate()
    const parsed = ssh2.utils.parseKey(pair.public)
    if (!(parsed instanceof Error) && !(ssh2.utils.parseKey(pair.private) instanceof Error))
      return { private: pair.private, public: parsed }
  }
}
