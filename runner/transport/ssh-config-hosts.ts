import { readdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { isLike, isListed } from './known-hosts.ts'

/** The patterns of one `Host` line. */
type Patterns = readonly string[]

/** What decides by more than the name that the user gave: ssh_config(5). */
const byMore = /^(?:match|canonicalizehostname|include|host)$/i
/** As deep as ssh follows `Include`. */
const deepest = 16

/**
 * The patterns of all `Host` lines that ssh reads with these arguments, in order; null where more than the host's name may decide what ssh's
 * configuration says, or what is read. Hosts that match the same of them have the same configuration, but for their name.
 */
export async function hostPatterns(args: readonly string[]): Promise<readonly Patterns[] | null> {
  const { homedir } = userInfo()
  const own = join(homedir, '.ssh')
  const found = filesOf(args)
  if (found === null) return null
  const files = found ?? [join(own, 'config'), '/etc/ssh/ssh_config']
  const read = await Promise.all(
    files.map((file) => patternsIn(file, { homedir, base: file.startsWith('/etc/ssh/') ? '/etc/ssh' : own }, 0)),
  )
  return joined(read)
}

/** Which of the patterns mean the host, as text: the same for hosts of the same configuration. */
export function matching(patterns: readonly Patterns[], host: string): string {
  const name = host.toLowerCase()
  return patterns.map((list) => (isListed(list, name) ? '1' : '0')).join('')
}

/** The configuration files that arguments name; undefined for the usual ones, null where an option decides otherwise. */
function filesOf(args: readonly string[]): readonly string[] | undefined | null {
  let files: readonly string[] | undefined
  for (const [index, arg] of args.entries()) {
    const value = arg.length > 2 ? arg.slice(2) : (args[index + 1] ?? '')
    if (arg.startsWith('-F')) files = value === 'none' ? [] : [value]
    if (arg.startsWith('-o') && byMore.test(/^\s*(\w*)/.exec(value)?.[1] ?? '')) return null
  }
  return files
}

interface Surroundings {
  readonly homedir: string
  /** Where paths of `Include` begin. */
  readonly base: string
}

async function patternsIn(file: string, around: Surroundings, depth: number): Promise<readonly Patterns[] | null> {
  if (depth > deepest) return null
  const text = await readFile(file, 'utf8').catch(() => '')
  const found: (readonly Patterns[])[] = []
  for (const line of text.split('\n')) {
    const [, keyword = '', value = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? []
    if (!byMore.test(keyword)) continue
    const words = value.split(/\s+/)
    // What is quoted, a comment or to be expanded is left to ssh.
    if (/["'#%$[\]]/.test(value)) return null
    const patterns = await patternsOf(keyword.toLowerCase(), words, around, depth)
    if (patterns === null) return null
    found.push(patterns)
  }
  return found.flat()
}

async function patternsOf(
  keyword: string,
  words: readonly string[],
  around: Surroundings,
  depth: number,
): Promise<readonly Patterns[] | null> {
  if (keyword === 'host') return [words]
  if (keyword !== 'include') return words.length === 1 && /^(?:all|no)$/i.test(words[0] ?? '') ? [] : null
  const files = await Promise.all(words.map((word) => included(word, around)))
  if (files.includes(null)) return null
  const read = await Promise.all(files.flatMap((list) => list ?? []).map((file) => patternsIn(file, around, depth + 1)))
  return joined(read)
}

/** The files that a word of `Include` means; null where that is not for us to say. */
async function included(word: string, { homedir, base }: Surroundings): Promise<readonly string[] | null> {
  const path = word.startsWith('~/') ? join(homedir, word.slice(2)) : isAbsolute(word) ? word : join(base, word)
  if (/[*?~]/.test(dirname(path))) return null
  const names = await readdir(dirname(path)).catch(() => [])
  return names
    .filter((name) => isLike(basename(path), name))
    .toSorted()
    .map((name) => join(dirname(path), name))
}

const joined = (read: readonly (readonly Patterns[] | null)[]): readonly Patterns[] | null =>
  read.includes(null) ? null : read.flatMap((patterns) => patterns ?? [])
