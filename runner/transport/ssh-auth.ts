import { stat, readFile } from 'node:fs/promises'
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type KeyboardInteractiveAuthMethod,
  type NextAuthHandler,
  type ParsedKey,
} from 'ssh2'
import { fromFile } from './from-file.ts'
import type { SshConfig } from './ssh-config.ts'
import type { SshEndpoint } from './transport.ts'

/** A way to log in. */
export interface Attempt {
  /** For people: `key ~/.ssh/id_ed25519`. */
  readonly label: string
  readonly method: AnyAuthMethod
}

/** The ways to log in, in order, and what is to be said of those that cannot be tried. */
export interface Credentials {
  readonly attempts: readonly Attempt[]
  readonly notes: readonly string[]
}

/**
 * The key that the inventory names first, then its password, as few as sshd's MaxAuthTries allows before others; then what ssh would try:
 * the agent and the identity files.
 */
export async function credentials(endpoint: SshEndpoint, config: SshConfig, username: string): Promise<Credentials> {
  const { password, passphrase, privateKeyFile } = endpoint
  const notes: string[] = []
  const chosen = privateKeyFile === undefined ? [] : await keys([privateKeyFile], passphrase, notes, true)
  const usual = await keys(
    config.identityFiles.filter((file) => file !== privateKeyFile),
    passphrase,
    notes,
    false,
  )
  const byKey = ({ file, key }: LoadedKey): Attempt => ({
    label: `key ${file}`,
    method: { type: 'publickey', username, key },
  })
  const attempts: Attempt[] = chosen.map(byKey)
  if (password !== undefined) attempts.push(...byPassword(username, password))
  if (config.identityAgent !== undefined) {
    if (await isSocket(config.identityAgent)) {
      const only = config.identitiesOnly
        ? [...chosen, ...usual, ...(await publicKeys(config.identityFiles))]
        : undefined
      attempts.push({
        label: `agent ${config.identityAgent}`,
        method: {
          type: 'agent',
          username,
          agent: new Agent(
            config.identityAgent,
            only?.map(({ key }) => key),
          ),
        },
      })
    } else notes.push(`there is no agent at ${config.identityAgent}`)
  }
  attempts.push(...usual.map(byKey))
  if (attempts.length === 0) attempts.push({ label: 'no credentials at all', method: { type: 'none', username } })
  return { attempts, notes }
}

function byPassword(username: string, password: string): readonly Attempt[] {
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (_name, _instructions, _language, prompts, finish) =>
    finish(prompts.map(() => password))
  return [
    { label: 'password', method: { type: 'password', username, password } },
    { label: 'password by keyboard-interactive', method: { type: 'keyboard-interactive', username, prompt } },
  ]
}

interface LoadedKey {
  readonly file: string
  readonly key: ParsedKey
}

/** Loads private keys; what cannot be used is noted, and of the usual ones, what is not there is not missed. */
async function keys(
  files: readonly string[],
  passphrase: string | undefined,
  notes: string[],
  wanted: boolean,
): Promise<readonly LoadedKey[]> {
  const loaded = await Promise.all(
    files.map(async (file): Promise<LoadedKey | undefined> => {
      const read = await keyFile(file)
      if (read instanceof Error) {
        if (wanted || read.code !== 'ENOENT') notes.push(`the key ${file} cannot be read: ${read.message}`)
        return undefined
      }
      const parsed = read(passphrase)
      if (parsed instanceof Error) {
        notes.push(unusable(file, parsed, passphrase !== undefined))
        return undefined
      }
      const key = Array.isArray(parsed) ? parsed[0] : parsed
      if (key?.isPrivateKey()) return { file, key }
      notes.push(`${file} holds no private key`)
      return undefined
    }),
  )
  return loaded.filter((key) => key !== undefined)
}

type Parsed = ParsedKey | ParsedKey[] | Error

/** What opens the key of a file with a passphrase, which may take a while, and is done once; or why it cannot be read. */
const keyFile = fromFile<((passphrase: string | undefined) => Parsed) | NodeJS.ErrnoException>(
  (bytes) => {
    const opened = new Map<string | undefined, Parsed>()
    return (passphrase) => {
      const parsed: Parsed = opened.get(passphrase) ?? ssh2.utils.parseKey(bytes, passphrase)
      opened.set(passphrase, parsed)
      return parsed
    }
  },
  (error) => error,
)

function unusable(file: string, error: Error, hasPassphrase: boolean): string {
  if (!hasPassphrase && /encrypted/i.test(error.message)) {
    return `the key ${file} has a passphrase: add it to your agent with ssh-add ${file}, or give ansible_ssh_private_key_passphrase`
  }
  if (/integrity|bad decrypt|passphrase/i.test(error.message)) return `the passphrase does not open the key ${file}`
  return `the key ${file} cannot be used: ${error.message}`
}

async function publicKeys(files: readonly string[]): Promise<readonly LoadedKey[]> {
  const loaded = await Promise.all(
    files.map(async (file): Promise<LoadedKey | undefined> => {
      const text = await readFile(`${file}.pub`).catch(() => undefined)
      const key = text && ssh2.utils.parseKey(text)
      return key === undefined || key instanceof Error ? undefined : { file, key }
    }),
  )
  return loaded.filter((key) => key !== undefined)
}

const isSocket = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isSocket() ?? false

/** An agent of which only some keys may be used (IdentitiesOnly); all where `only` is unset. */
class Agent extends ssh2.OpenSSHAgent {
  readonly #only: readonly string[] | undefined

  constructor(path: string, only: readonly ParsedKey[] | undefined) {
    super(path)
    this.#only = only?.map((key) => key.getPublicSSH().toString('base64'))
  }

  override getIdentities(give: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    super.getIdentities((error: Error | null | undefined, keys?: unknown) => {
      const found = (keys ?? []) as ParsedKey[]
      give(
        error ?? undefined,
        this.#only ? found.filter((key) => this.#only?.includes(key.getPublicSSH().toString('base64'))) : found,
      )
    })
  }
}

/** Tries each way to log in that the host takes, one after the other, and knows afterwards what was tried. */
export class Login {
  readonly tried: string[] = []
  /** What the host takes, as far as it has told. */
  accepted: readonly string[] = []
  readonly #left: Attempt[]

  constructor(attempts: readonly Attempt[]) {
    this.#left = [...attempts]
  }

  readonly next = (accepted: AuthenticationType[] | null, _partial: boolean | null, give: NextAuthHandler): void => {
    if (accepted) this.accepted = accepted
    const index = this.#left.findIndex(
      ({ method }) => !accepted || accepted.includes(method.type === 'agent' ? 'publickey' : method.type),
    )
    const [attempt] = index < 0 ? [] : this.#left.splice(index, 1)
    // The types of ssh2 leave `false`, nothing left, out.
    if (!attempt) return give(false as unknown as AuthenticationType)
    this.tried.push(attempt.label)
    give(attempt.method)
  }
}
