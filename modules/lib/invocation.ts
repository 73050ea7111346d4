import { posix } from 'node:path'
import { split } from 'shlex'

/** The arguments that `command` and `shell` share. */
export interface InvocationArgs {
  readonly cmd?: string | undefined
  readonly chdir?: string | undefined
  readonly creates?: string | undefined
  readonly removes?: string | undefined
  readonly stdin?: string | undefined
  readonly stdin_add_newline: boolean
  readonly strip_empty_ends: boolean
}

/** What is quoted, and a dollar before a quote: the package reads `$'…'` as bash does, Python's shlex and Ansible do not. */
const QUOTED_OR_DOLLAR = /\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*"|\$(?=['"])/g

/** The words of a command's text, as Python's shlex gives them: quotes and backslashes are taken away, nothing is expanded. */
export function words(text: string): { readonly words: readonly string[] } | { readonly problem: string } {
  try {
    return { words: split(text.replace(QUOTED_OR_DOLLAR, (piece) => (piece === '$' ? String.raw`\$` : piece))) }
  } catch (error) {
    return { problem: `cannot split the command into words: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** A path as seen from the directory that the command runs in. */
export function from(chdir: string | undefined, path: string): string {
  return chdir === undefined || path.startsWith('~') ? path : posix.resolve('/', chdir, path)
}

/** What the program finds on its standard input. */
export function standardInput(args: InvocationArgs): Buffer | undefined {
  return args.stdin === undefined ? undefined : Buffer.from(args.stdin + (args.stdin_add_newline ? '\n' : ''))
}
