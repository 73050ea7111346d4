/** A line of sources.list(5) in the one-line style. */
export interface Source {
  readonly type: 'deb' | 'deb-src'
  /** Words between the brackets, sorted. */
  readonly options: readonly string[]
  readonly uri: string
  readonly suite: string
  readonly components: readonly string[]
}

/** A source; null for what is none. */
export function parseSource(written: string): Source | null {
  const [, type, options = '', rest = ''] =
    /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S.*)$/.exec(written.replace(/\s#.*$/, '')) ?? []
  if (type === undefined) return null
  // The name of a cdrom may hold blanks.
  const words = rest.trim().match(/(?:\[[^\]]*\]|[^\s[])+/g) ?? []
  const [uri = '', suite = '', ...components] = words
  // A suite that ends with a slash is the very directory, and has no components; every other one needs some.
  if (!/^[a-z][\w+.-]*:/.test(uri) || suite === '' || suite.endsWith('/') !== (components.length === 0)) return null
  return {
    type: type === 'deb' ? 'deb' : 'deb-src',
    options: options.split(/\s+/).filter(Boolean).toSorted(),
    uri,
    suite,
    components,
  }
}

/** Whether two sources are the same but for their options, which apt would then take for a conflict. */
const isSameArchive = (one: Source, other: Source): boolean =>
  one.type === other.type &&
  one.uri.replace(/\/+$/, '') === other.uri.replace(/\/+$/, '') &&
  one.suite === other.suite &&
  one.components.join(' ') === other.components.join(' ')

const isSame = (one: Source, other: Source): boolean =>
  isSameArchive(one, other) && one.options.join(' ') === other.options.join(' ')

/** A source in a line, and whether it is commented out. */
function sourceIn(line: string): { readonly source: Source; readonly enabled: boolean } | null {
  const bare = line.replace(/^[\s#]+/, '')
  const source = parseSource(bare)
  return source === null ? null : { source, enabled: !/^\s*#/.test(line) }
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

/** Whether a text has a source in force. */
export const hasSource = (text: string, wanted: Source): boolean =>
  linesOf(text).some((line) => {
    const found = sourceIn(line)
    return found !== null && found.enabled && isSame(found.source, wanted)
  })

/**
 * The text with a source in place of the same one that is commented out, or that has other options; null where it has none of these. `written`
 * is the line.
 */
export function correctSource(text: string, wanted: Source, written: string): string | null {
  const lines = linesOf(text)
  const found = lines.map(sourceIn)
  const at = found.findIndex((each) => each?.enabled === true && isSameArchive(each.source, wanted))
  const place = at >= 0 ? at : found.findIndex((each) => each !== null && isSame(each.source, wanted))
  return place < 0 ? null : joined(lines.with(place, written))
}

/** The text with a source at its end. */
export const addSource = (text: string, written: string): string => joined([...linesOf(text), written])

/** The text without the sources that are meant, commented out or not. */
export function removeSources(text: string, isMeant: (source: Source) => boolean): string {
  const lines = linesOf(text)
  const kept = lines.filter((line) => {
    const found = sourceIn(line)
    return found === null || !isMeant(found.source)
  })
  return kept.length === lines.length ? text : joined(kept)
}

/** Whether a source is meant by a written one, whatever its options. */
export const isMeantBy = (wanted: Source) => (source: Source) => isSameArchive(source, wanted)

/** The file in sources.list.d that a source gets where none is named, as Ansible names it. */
export function sourceFileName({ uri }: Source): string {
  const words = uri
    .replaceAll(/\[[^\]]*\]/g, '')
    .replace(/^https?:\/\//, '')
    .replace(/^[^/@]*@/, '')
  return words.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
}

/** A personal package archive of Launchpad's: `ppa:OWNER/NAME`. */
export function parsePpa(written: string): { readonly owner: string; readonly name: string } | null {
  const [, owner, name = 'ppa'] = /^ppa:([\w.+-]+)(?:\/([\w.+-]+))?$/.exec(written) ?? []
  return owner === undefined ? null : { owner, name }
}

/** Whether a source is such an archive, for a suite where one is named. */
export const isOfPpa =
  ({ owner, name }: { readonly owner: string; readonly name: string }, codename: string | undefined) =>
  ({ uri, suite }: Source): boolean =>
    new RegExp(`^https?://ppa\\.launchpad(?:content)?\\.net/`).test(uri) &&
    uri.replace(/\/+$/, '').endsWith(`.net/${owner}/${name}/ubuntu`) &&
    (codename === undefined || codename === suite)

/** The sources in force in a text. */
export const sourcesIn = (text: string): readonly Source[] =>
  linesOf(text).flatMap((line) => {
    const found = sourceIn(line)
    return found?.enabled === true ? [found.source] : []
  })
