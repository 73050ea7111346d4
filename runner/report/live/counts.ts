import { outcomeColour, outcomeWord } from '../outcome.ts'
import type { Shown } from '../details.ts'
import { PLACES, type Counts, type Place } from './tally.ts'

/** `running 12 · ok 80 · changed 3 · failed 1`: only what there is. */
export function drawCounts(counts: Counts, shown: Shown): string {
  const parts = PLACES.filter((place) => counts[place] > 0).map((place) =>
    colour(place, shown)(`${word(place, shown)} ${counts[place]}`),
  )
  return parts.join(shown.style.dim(' · '))
}

function word(place: Place, shown: Shown): string {
  return place === 'running' || place === 'waiting' || place === 'ignored' ? place : outcomeWord(place, shown.check)
}

function colour(place: Place, { style }: Shown): (text: string) => string {
  if (place === 'running') return (text) => text
  if (place === 'waiting') return style.dim
  return place === 'ignored' ? style.cyan : outcomeColour(place, style)
}
