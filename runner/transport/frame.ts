import { randomBytes } from 'node:crypto'
import { quote } from '../../modules/lib/quote.ts'

/** The line that closes a frame on standard error, and with a status on standard output; nothing a script prints can imitate it. */
export const newNonce = (): string => randomBytes(16).toString('hex')

/**
 * The first text for a new shell. Its own standard error, where it would report what ended by a signal, goes nowhere; scripts get
 * descriptor 3. Traps keep it alive when a script signals the whole process group, and are the default again in subshells (POSIX
 * `trap`). All that login files printed comes before the marker.
 */
export function prelude(nonce: string): string {
  return `exec 3>&2 2>/dev/null; trap : INT TERM; echo ${nonce} >&3\n`
}

/**
 * The text of one request. `eval` of one quoted word keeps a syntax error within the subshell. The nonce is in the text alone, never
 * in a variable. The frame opens with the process ids of the shell and of the subshell: what to end when time is up. Linux's /proc
 * tells the second without a process of its own; elsewhere it stays empty.
 */
export function frame(nonce: string, script: string): string {
  return `${subshell(nonce, script)} </dev/null 2>&3 3>&-; ${closing(nonce)}\n`
}

/**
 * The text of a request with `size` bytes of standard input, which come after it on the shell's own standard input, once the frame has
 * opened; one compound command, for a shell that reads its input line by line would leave the rest to `head`. What the script leaves unread is read by `cat`, or the shell would take it for its next request.
 */
export function uploadFrame(nonce: string, script: string, size: number): string {
  const consumer = `( ${subshell(nonce, script)} 2>&3 3>&-; set -- $?; cat >/dev/null; exit $1 )`
  return `{ head -c ${size} | ${consumer}; ${closing(nonce)}; }\n`
}

function subshell(nonce: string, script: string): string {
  const opening = `read -r drover_pid drover_rest 2>/dev/null </proc/self/stat; echo "${nonce} $$ $drover_pid"; unset drover_pid drover_rest; :`
  return `( ${opening}; eval ${quote(script)} )`
}

function closing(nonce: string): string {
  return `echo "${nonce} $?"; echo ${nonce} >&3`
}
