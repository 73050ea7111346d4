import { entriesOf, type Entry, type EntryEdit, type Urls } from './endpoint-entry.ts'
import { NOT_YET, type Known, type Place, type Wanted } from './endpoint-plan.ts'
import { sameUrl } from './keystone-url.ts'

/**
 * The changes that make the list of the Identity API v2.0 as it is wanted; a string says why none may be made. An entry is the same by service
 * and region. Where a correction was interrupted, both the right entry and the wrong one are there: the wrong one is removed.
 */
export function entryEdits(
  wanted: readonly Wanted[],
  place: Place,
  { endpoints }: Known,
): readonly EntryEdit[] | string {
  const { service, region, enabled } = place
  const removes = wanted.every(({ url }) => url === null)
  if (!enabled && !removes)
    return 'the Identity API v2.0 has no way to hide an endpoint: leave `enabled` out, or set state: absent'
  const all = entriesOf(service.id, endpoints)
  const regions = [...new Set(all.map((one) => one.region ?? '(none)'))]
  if (region === undefined && regions.length > 1)
    return `${service.name} has endpoints in the regions ${regions.join(', ')}: say \`region\``
  const there = all.filter((one) => region === undefined || one.region === region)
  return removes ? removals(wanted, place, there) : settings(wanted, place, there)
}

function removals(wanted: readonly Wanted[], place: Place, there: readonly Entry[]): readonly EntryEdit[] | string {
  const edits: EntryEdit[] = []
  for (const entry of there) {
    const urls = corrected(entry.urls, wanted)
    if (areSame(urls, entry.urls)) continue
    const isThere = there.some((other) => other !== entry && areSame(other.urls, urls))
    if (Object.keys(urls).length === 0 || isThere) edits.push({ kind: 'strike', entry })
    else if (urls['public'] === undefined)
      return `the Identity API v2.0 has no endpoint of ${place.service.name} without a public url: remove all interfaces, or none but internal and admin`
    else edits.push({ kind: 'replace', before: entry, entry: { ...entry, id: NOT_YET, urls } })
  }
  return edits
}

function settings(wanted: readonly Wanted[], place: Place, there: readonly Entry[]): readonly EntryEdit[] | string {
  const { service, region, dedupe } = place
  const isRight = ({ urls }: Entry): boolean => areSame(corrected(urls, wanted), urls)
  // The right one of several is the one that stays.
  const kept = there.find(isRight) ?? there[0]
  const urls = corrected(kept?.urls ?? {}, wanted)
  if (urls['public'] === undefined)
    return `the Identity API v2.0 has no endpoint of ${service.name} without a public url: set public, too`
  if (kept === undefined)
    return [{ kind: 'enter', entry: { id: NOT_YET, service: service.id, region: region ?? null, urls } }]
  const others = there.filter((one) => one !== kept)
  const isLeft = (one: Entry): boolean => !isRight(one) && areSame(corrected(one.urls, wanted), kept.urls)
  if (!dedupe && others.length > 0 && !(isRight(kept) && others.every(isLeft)))
    return `${service.name} has ${there.length} endpoints in ${kept.region ?? 'no region'}: ${there.map(({ id, urls: { public: url } }) => `${id} ${url}`).join(', ')}. Remove all but one, or set dedupe: true`
  return [
    ...(isRight(kept) ? [] : [{ kind: 'replace', before: kept, entry: { ...kept, id: NOT_YET, urls } } as const]),
    ...others.map((entry) => ({ kind: 'strike', entry }) as const),
  ]
}

/** The urls as they are wanted; those that nobody speaks of stay, and so does what means the same. */
function corrected(urls: Urls, wanted: readonly Wanted[]): Urls {
  const after: Record<string, string> = { ...urls }
  for (const { interface: name, url } of wanted) {
    if (url === null) delete after[name]
    else if (sameUrl(after[name] ?? '') !== sameUrl(url)) after[name] = url
  }
  return after
}

const areSame = (one: Urls, other: Urls): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (name) => sameUrl(one[name] ?? '') === sameUrl(other[name] ?? ''),
  )
