import { posix } from 'node:path'
import { content } from '../facts/content.ts'
import { digest } from '../facts/digest.ts'
import { found, type Found, type Listing } from '../facts/found.ts'
import { DIGESTS } from '../lib/digest.ts'
import { amount, fits, isOfType, nameMatcher } from '../lib/find-filter.ts'
import { hostPath } from '../lib/host-path.ts'
import { PatternError, pythonRegex, searchIn } from '../lib/python-regex.ts'
import { defineModule, propose, refuse, type HostState, type Infer } from '../module.ts'

const ARGS = {
  type: 'object',
  required: ['paths'],
  properties: {
    paths: {
      type: 'array',
      items: { type: 'string', format: 'path' },
      aliases: ['name', 'path'],
      description: 'Absolute paths of directories to look in.',
      since: '0.1.0',
    },
    patterns: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      aliases: ['pattern'],
      description: 'Shell patterns, of which one must match the name of a file. By default any name will do.',
      since: '0.1.0',
    },
    excludes: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      aliases: ['exclude'],
      description: 'Patterns of names that are left out.',
      since: '0.1.0',
    },
    use_regex: {
      type: 'boolean',
      default: false,
      description: 'Takes `patterns` and `excludes` for Python regular expressions.',
      since: '0.1.0',
    },
    file_type: {
      type: 'string',
      enum: ['any', 'directory', 'file', 'link'],
      default: 'file',
      description: 'What to look for.',
      since: '0.1.0',
    },
    recurse: { type: 'boolean', default: false, description: 'Looks into directories too.', since: '0.1.0' },
    depth: { type: 'integer', minimum: 1, description: 'How many levels to go down at most.', since: '0.1.0' },
    hidden: { type: 'boolean', default: false, description: 'Takes names that start with a dot too.', since: '0.1.0' },
    follow: { type: 'boolean', default: false, description: 'Follows links.', since: '0.1.0' },
    age: {
      type: 'string',
      description: 'The least age; with a minus, the greatest. Seconds, or with the unit `s`, `m`, `h`, `d` or `w`.',
      since: '0.1.0',
    },
    age_stamp: {
      type: 'string',
      enum: ['atime', 'ctime', 'mtime'],
      default: 'mtime',
      description: 'The time that the age counts from.',
      since: '0.1.0',
    },
    size: {
      type: 'string',
      description: 'The least size; with a minus, the greatest. Bytes, or with the unit `b`, `k`, `m`, `g` or `t`.',
      since: '0.1.0',
    },
    contains: {
      type: 'string',
      description: 'A Python regular expression that the beginning of a line must match. Files of up to 16 MiB.',
      since: '0.1.0',
    },
    read_whole_file: {
      type: 'boolean',
      default: false,
      description: 'Looks for `contains` anywhere in the file and across lines.',
      since: '0.1.0',
    },
    get_checksum: { type: 'boolean', default: false, description: 'Takes the checksum of each file.', since: '0.1.0' },
    checksum_algorithm: {
      type: 'string',
      enum: DIGESTS,
      default: 'sha1',
      aliases: ['checksum', 'checksum_algo'],
      description: 'How the checksum is taken.',
      since: '0.1.0',
    },
    limit: { type: 'integer', minimum: 1, description: 'Stops after so many files.', since: '0.1.0' },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly problem: string | null
  readonly files: readonly (Found & { readonly checksum?: string | null })[]
  readonly examined: number
  readonly skipped: { readonly [path: string]: string }
}

export default defineModule({
  name: 'find',
  summary: 'Find files on a host.',
  description: 'Changes nothing. Each path is read by one find(1) on the host. Times are whole seconds.',
  args: ARGS,
  returns: {
    files: 'What was found: each a mapping as `stat` returns it.',
    matched: 'How many.',
    examined: 'How many were looked at.',
    skipped_paths: 'Paths that were not looked at, and why.',
  },
  examples: [
    { title: 'Old logs', task: 'find: { paths: /var/log, patterns: "*.gz", age: 4w, recurse: true }\nregister: old' },
    { title: 'Large files', task: 'find: { paths: [/var/tmp, /tmp], size: 100m, recurse: true, hidden: true }' },
    {
      title: 'By name and content',
      task: "find:\n  paths: /etc\n  use_regex: true\n  patterns: ['^host.*$']\n  contains: '^127'\n  get_checksum: true",
    },
  ],
  observe,
  plan(_, { problem, files, examined, skipped }) {
    if (problem !== null) return refuse(problem)
    const complete = Object.keys(skipped).length === 0
    const result = {
      files: files.map(({ path, details, checksum }) => ({ path, ...details, ...(checksum ? { checksum } : {}) })),
      matched: files.length,
      examined,
      skipped_paths: skipped,
      msg: complete ? 'All paths examined' : 'Not all paths examined, check warnings for details',
    }
    return propose(
      [],
      result,
      Object.values(skipped).map((why) => `skipped ${why}`),
    )
  },
})

async function observe(host: HostState, args: Args): Promise<State> {
  const none: State = { problem: null, files: [], examined: 0, skipped: {} }
  const wanted = criteria(args)
  if (typeof wanted === 'string') return { ...none, problem: wanted }
  const paths = await Promise.all(args.paths.map((path) => hostPath(host, path)))
  const depth = args.recurse ? (args.depth ?? null) : 1
  const listings = await Promise.all(paths.map((path) => host.get(found(path, depth, args.follow))))
  const skipped = Object.fromEntries(paths.flatMap((path, index) => why(path, listings[index])))
  const seen = listings.flatMap(({ entries }) => entries ?? [])
  const now = listings[0]?.now ?? 0
  const held = await Promise.all(
    seen
      .filter((entry) => wanted(entry, now))
      .map(async (entry) => ({ entry, holds: await contains(host, entry, args) })),
  )
  const files = held
    .filter(({ holds }) => holds)
    .map(({ entry }) => entry)
    .slice(0, args.limit)
  if (!args.get_checksum) return { ...none, files, examined: seen.length, skipped }
  const summed = await Promise.all(
    files.map(async (entry) => ({
      ...entry,
      checksum: entry.details['isreg'] === true ? await host.get(digest(entry.path, args.checksum_algorithm)) : null,
    })),
  )
  return { ...none, files: summed, examined: seen.length, skipped }
}

function why(path: string, listing: Listing | undefined): readonly (readonly [string, string])[] {
  if (listing?.entries === null) return [[path, `'${path}' is not a directory`]]
  return listing?.incomplete === true ? [[path, `'${path}' could not be read to its ends`]] : []
}

/** Says of a file whether it is wanted, as far as its name and stat tell; or what is wrong with the arguments. */
function criteria(args: Args): ((entry: Found, now: number) => boolean) | string {
  const age = args.age === undefined ? undefined : amount(args.age, 'seconds')
  const size = args.size === undefined ? undefined : amount(args.size, 'bytes')
  if (age === null) return `age is no time: ${args.age}; write seconds, or a number with s, m, h, d or w`
  if (size === null) return `size is no size: ${args.size}; write bytes, or a number with b, k, m, g or t`
  try {
    if (args.contains !== undefined) pythonRegex(args.contains)
    const named = args.patterns.length === 0 ? () => true : nameMatcher(args.patterns, args.use_regex)
    const excluded = nameMatcher(args.excludes, args.use_regex)
    return (entry, now) => {
      const name = posix.basename(entry.path)
      if ((!args.hidden && name.startsWith('.')) || !isOfType(entry, args.file_type)) return false
      if (!named(name) || excluded(name)) return false
      if (age !== undefined && !fits(now - Number(entry.details[args.age_stamp]), age)) return false
      return size === undefined || entry.details['isdir'] === true || fits(Number(entry.details['size']), size)
    }
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

async function contains(host: HostState, entry: Found, args: Args): Promise<boolean> {
  if (args.contains === undefined || entry.details['isreg'] !== true) return true
  const text = (await host.get(content(entry.path)))?.toString('utf8') ?? ''
  if (args.read_whole_file)
    return searchIn(pythonRegex(args.contains, { multiLine: true, dotAll: true }), text) !== null
  const regex = pythonRegex(args.contains)
  return (text.match(/[^\n]*\n|[^\n]+/g) ?? []).some((line) => searchIn(regex, line)?.index === 0)
}
