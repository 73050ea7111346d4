import { posix } from 'node:path'
import { split } from 'shlex'

/** The arguments that `command` and `shell` share. */
export interface InvocationArgs {
  readonly cmd?: string | undefined
  readonly chdir?: string | undefined
  readonly creates?: string | undefined
  readonly removes?: string | undefined
  readonly executable?: string | undefined
  readonly stdin?: string | undefined
  readonly stdin_add_newline: boolean
  readonly strip_empty_ends: boolean
}

const WORD = /(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/g
const INLINE = /^(chdir|creates|removes|executable|stdin|stdin_add_newline|strip_empty_ends)=([^]*)$/

/**
 * Takes `creates=/x` and its like out of a command's text, as Ansible's free form has them, and gives the arguments with them. What
 * is left of the text is as it was written; arguments that were given on their own win.
 */
export function withInlineArgs<A extends InvocationArgs>(args: A): A {
  const text = args.cmd
  if (text === undefined) return args
  const inline: { [name: string]: string | boolean } = {}
  let rest = ''
  let from = 0
  for (const match of text.matchAll(WORD)) {
    const [, name, value] = INLINE.exec(match[0]) ?? []
    if (name === undefined || value === undefined) continue
    const plain = unquoted(value)
    inline[name] = name.startsWith('st') && name !== 'stdin' ? !/^(no|n|false|f|off|0)$/i.test(plain) : plain
    rest += text.slice(from, match.index)
    from = match.index + match[0].length
  }
  if (from === 0) return args
  return { ...args, ...inline, ...given(args), cmd: (rest + text.slice(from)).trim() }
}

/** Arguments that differ from what the schema fills in: those that the user wrote. */
function given(args: InvocationArgs): Partial<InvocationArgs> {
  const filled: { readonly [name: string]: unknown } = {
    executable: '/bin/sh',
    stdin_add_newline: true,
    strip_empty_ends: true,
  }
  return Object.fromEntries(
    Object.entries(args).filter(([name, value]) => value !== undefined && value !== filled[name]),
  )
}

function unquoted(value: string): string {
  const mark = value.charAt(0)
  return value.length > 1 && (mark === '"' || mark === "'") && value.endsWith(mark) ? value.slice(1, -1) : value
}

/** The words of a command's text, as Python's shlex gives them: quotes and backslashes are taken away, nothing is expanded. */
export function words(text: string): { readonly words: readonly string[] } | { readonly problem: string } {
  try {
    return { words: split(text) }
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
