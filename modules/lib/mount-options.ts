/** What fstab's options say to mount(8) and systemd themselves; the kernel never sees them. */
const USERSPACE =
  /^(?:defaults|auto|noauto|nofail|_netdev|nouser|group|owner|users?|comment=.*|x-.*|X-.*|loop(?:=.*)?|r?bind)$/
/** `user` and its like imply these (mount(8)). */
const IMPLIED: { readonly [option: string]: readonly string[] } = {
  user: ['noexec', 'nosuid', 'nodev'],
  users: ['noexec', 'nosuid', 'nodev'],
  owner: ['nosuid', 'nodev'],
  group: ['nosuid', 'nodev'],
}
/** Flags that /proc/self/mountinfo shows when they are set; their opposites are what is unless they are. */
const FLAGS: readonly (readonly [set: string, unset: string])[] = [
  ['ro', 'rw'],
  ['nosuid', 'suid'],
  ['nodev', 'dev'],
  ['noexec', 'exec'],
  ['sync', 'async'],
]
const ACCESS_TIMES = new Set(['noatime', 'relatime', 'strictatime', 'nodiratime'])

/** The options of an fstab entry as words, with those that `user` and its like imply. */
export function optionWords(options: string): readonly string[] {
  const words = options.split(',').filter(Boolean)
  return words.flatMap((word) => [...(IMPLIED[word] ?? []), word])
}

/** True for a mount of a directory that is mounted elsewhere. */
export const isBind = (options: string): boolean =>
  options.split(',').some((word) => word === 'bind' || word === 'rbind')

/** What `mount -o` is given for an entry: without what concerns only booting. Empty for the defaults. */
export const mountOptions = (options: string): string =>
  optionWords(options)
    .filter((word) => !USERSPACE.test(word) || /^(?:r?bind|loop.*)$/.test(word))
    .join(',')

/**
 * The options that a mount lacks of those asked for: to be given to a remount; none where it has all. Only what the kernel shows is
 * compared: flags, access times, and values whose key it shows.
 */
export function missingOptions(asked: string, mounted: readonly string[]): readonly string[] {
  const words = optionWords(asked)
  const flags = FLAGS.flatMap(([set, unset]) => {
    const last = words.findLast((word) => word === set || word === unset)
    // What no word says is the default, except that synchronous writing may be the filesystem's own.
    const wanted = last === set
    if (wanted === mounted.includes(set) || (set === 'sync' && last === undefined)) return []
    return [wanted ? set : unset]
  })
  const times = words.filter((word) => ACCESS_TIMES.has(word) && word !== 'strictatime' && !mounted.includes(word))
  const strict = words.includes('strictatime') && ['noatime', 'relatime'].some((word) => mounted.includes(word))
  const values = words.filter((word) => {
    const [key, value] = pair(word)
    if (value === undefined || USERSPACE.test(word)) return false
    const shown = mounted.map(pair).find(([name]) => name === key)?.[1]
    return shown !== undefined && comparable(value, shown) && normal(value) !== normal(shown)
  })
  return [...flags, ...times, ...(strict ? ['strictatime'] : []), ...values]
}

/** The options of a mount after a remount with some. */
export function afterRemount(mounted: readonly string[], given: readonly string[]): readonly string[] {
  const opposite = new Map(FLAGS.flatMap(([set, unset]) => [[set, unset] as const, [unset, set] as const]))
  const replaced = new Set(
    given.flatMap((word) => [opposite.get(word) ?? '', ...(ACCESS_TIMES.has(word) ? ACCESS_TIMES : [])]),
  )
  const keys = new Set(given.filter((word) => word.includes('=')).map((word) => pair(word)[0]))
  const kept = mounted.filter((word) => !replaced.has(word) && !keys.has(pair(word)[0]))
  return [...new Set([...kept, ...given.filter((word) => !['suid', 'dev', 'exec', 'async'].includes(word))])]
}

function pair(word: string): readonly [string, string | undefined] {
  const equals = word.indexOf('=')
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

/** A name where the kernel shows a number (`uid=root`), or a share where it shows bytes, says nothing. */
const comparable = (asked: string, shown: string): boolean => !/^\d+[kmg]?$/i.test(shown) || /^\d+[kmg]?$/i.test(asked)

/** Sizes in bytes, modes without leading zeros, subvolumes without their first slash. */
function normal(value: string): string {
  const size = /^(\d+)([kmg])$/i.exec(value)
  if (size) return String(Number(size[1]) * 1024 ** ('kmg'.indexOf((size[2] ?? '').toLowerCase()) + 1))
  return value.replace(/^0+(?=\d)/, '').replace(/^\//, '')
}
