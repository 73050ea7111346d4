import { randomBytes } from 'node:crypto'
import { commandLine } from '../../modules/lib/quote.ts'
import type { Line, Program } from './line.ts'
import { loginCommand } from './login-command.ts'
import { BecomeError, type Become, type Identity } from './transport.ts'

/** How to start an identity's shell. Without a dialogue, the first request may be sent at once. */
export async function startShell(line: Line, identity: Identity, shell: string): Promise<Program> {
  if (identity.kind === 'login') return line.start(loginCommand(`exec ${commandLine([shell])}`))
  if (identity.method === 'sudo' && identity.password === undefined) {
    return line.start(loginCommand(`exec ${commandLine(['sudo', '-H', '-n', ...who(identity), shell])}`))
  }
  const ready = randomBytes(16).toString('hex')
  const prompt = `password-${randomBytes(8).toString('hex')}:`
  // The user's login shell, which su starts, may be any: this text is the same for all of them.
  const inner = `echo ${ready}; exec ${shell}`
  const argv =
    identity.method === 'sudo'
      ? ['sudo', '-H', '-S', '-p', prompt, ...who(identity), '/bin/sh', '-c', inner]
      : ['su', ...(identity.flags ?? []), identity.user, '-c', inner]
  const program = await line.start(loginCommand(`exec ${commandLine(argv)}`))
  await converse(line, program, identity, { ready, prompt: identity.method === 'sudo' ? prompt : undefined })
  return program
}

function who(identity: Become): readonly string[] {
  return [...(identity.flags ?? []), '-u', identity.user]
}

interface Dialogue {
  /** Printed by the new user's shell. */
  readonly ready: string
  /** What asks for the password; unset: a last line that ends in a colon, as su's in all languages. */
  readonly prompt: string | undefined
}

/** Answers the password prompt, at most once; done when the new user's shell has started. */
function converse(line: Line, program: Program, identity: Become, dialogue: Dialogue): Promise<void> {
  const { password } = identity
  let stdout = ''
  let stderr = ''
  let answered = false
  let pausing: NodeJS.Timeout | undefined
  return new Promise((resolve, reject) => {
    const finish = (error?: Error): void => {
      clearTimeout(pausing)
      program.stdout.off('data', onStdout)
      program.stderr.off('data', onStderr)
      if (!error) return resolve()
      program.drop()
      reject(error)
    }
    const onPrompt = (): void => {
      if (password === undefined) return finish(new BecomeError(passwordMissing(identity)))
      if (answered) return finish(new BecomeError(passwordWrong(identity)))
      answered = true
      stderr = ''
      stdout = ''
      line.meter.roundTrips++
      line.meter.bytesSent += Buffer.byteLength(password) + 1
      program.stdin.write(`${password}\n`)
    }
    const look = (): void => {
      clearTimeout(pausing)
      if (stdout.includes(dialogue.ready)) finish()
      else if (dialogue.prompt !== undefined && stderr.includes(dialogue.prompt)) onPrompt()
      else if (dialogue.prompt === undefined && [stderr, stdout].some(looksLikePrompt))
        pausing = setTimeout(onPrompt, QUIET)
    }
    const onStdout = (chunk: Buffer): void => {
      stdout = (stdout + chunk.toString()).slice(-LONGEST)
      look()
    }
    const onStderr = (chunk: Buffer): void => {
      stderr = (stderr + chunk.toString()).slice(-LONGEST)
      look()
    }
    line.meter.roundTrips++
    program.stdout.on('data', onStdout)
    program.stderr.on('data', onStderr)
    void program.ended.then(() => finish(line.lost ?? becomeError(identity, `${stderr}\n${stdout}`, answered)))
  })
}

const LONGEST = 64 * 1024

/** A prompt is followed by silence; the beginning of a message, which may look alike, is not. In milliseconds. */
const QUIET = 100

const looksLikePrompt = (text: string): boolean => /\S[^\n]*[:：] ?$/.test(text)

const passwordMissing = ({ method, user }: Become): string =>
  `${method} asks for a password to become ${user}, and none was given: give one with -K (--ask-become-pass) or ansible_become_password`
const passwordWrong = ({ method, user }: Become): string =>
  `${method} did not take the password to become ${user}: check -K (--ask-become-pass) or ansible_become_password`

/** What it means that sudo or su ended without having started a shell. `output` is all that was printed. */
export function becomeError(identity: Become, output: string, answered = false): BecomeError {
  const { method, user } = identity
  const said = output.trim().split('\n').slice(-5).join('\n')
  const known = REASONS.find(({ pattern }) => pattern.test(output))
  if (known) return new BecomeError(`${known.message(identity)}${said === '' ? '' : ` (${method} said: ${said})`}`)
  if (answered && (method === 'su' || /incorrect password|try again/i.test(output)))
    return new BecomeError(passwordWrong(identity))
  return new BecomeError(`${method} to ${user} failed: ${said === '' ? 'it ended without a word' : said}`)
}

const REASONS: readonly { readonly pattern: RegExp; readonly message: (identity: Become) => string }[] = [
  {
    pattern:
      /(sudo|su)\b.*(: not found|command not found|No such file or directory|Unknown command)|Unknown command.*\b(sudo|su)\b/i,
    message: ({ method }) => `${method} is not installed on the host: install it, or choose another become_method`,
  },
  {
    pattern: /unknown user|user \S+ does not exist|no passwd entry|unknown id|invalid user/i,
    message: ({ user }) => `there is no user ${user} on the host: check become_user`,
  },
  {
    pattern: /must have a tty|no tty present/i,
    message: ({ method }) =>
      `${method} wants a terminal, which drover does not give it: remove "Defaults requiretty" from sudoers on the host`,
  },
  {
    pattern: /is not in the sudoers file|may not run sudo|is not allowed to (execute|run)|not allowed to preserve/i,
    message: ({ user }) => `the login user may not become ${user} by sudo: allow it in sudoers on the host`,
  },
  { pattern: /password is required|terminal is required|askpass/i, message: passwordMissing },
  {
    pattern: /incorrect password|try again|authentication failure|authentication token|incorrect$/im,
    message: passwordWrong,
  },
  {
    pattern: /account is (currently )?not available|cannot execute/i,
    message: ({ user }) =>
      `${user} has no login shell that could be started: try become_flags "-s /bin/sh", or become_method sudo`,
  },
]
