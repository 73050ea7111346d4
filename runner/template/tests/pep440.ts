import { fail } from '../values/types.ts'

const form =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i

/** A version as numbers, compared from the left; what is missing stands before or after what is there, as PEP 440 says. */
function keyOf(text: string): readonly (readonly number[])[] {
  const match = form.exec(text)
  if (!match) return fail(`invalid version '${text}'`)
  const [, epoch, release = '', stage, stageNumber, dashPost, post, dev, local] = match
  const hasPost = dashPost !== undefined || post !== undefined
  const stages = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 } as const
  const level = stage === undefined ? null : stages[stage.toLowerCase() as keyof typeof stages]
  return [
    [Number(epoch ?? 0)],
    release
      .replace(/(?:\.0+)+$/, '')
      .split('.')
      .map(Number),
    level === null ? [dev !== undefined && !hasPost ? 0 : 4] : [level, Number(stageNumber || 0)],
    hasPost ? [1, Number(dashPost ?? (post || 0))] : [0],
    dev === undefined ? [1] : [0, Number(dev || 0)],
    // Numbers come after words.
    (local ?? '').split(/[-_.]/).flatMap((part) => (part === '' ? [] : wordKey(part.toLowerCase()))),
  ]
}

function wordKey(part: string): number[] {
  return /^\d+$/.test(part) ? [1, Number(part)] : [0, ...Array.from(part, (char) => char.charCodeAt(0)), -1]
}

/** Orders two versions as PEP 440 does. Throws for text that is no such version. */
export function orderPep440(left: string, right: string): number {
  const other = keyOf(right)
  for (const [at, parts] of keyOf(left).entries()) {
    const others = other[at] ?? []
    const fill = at === 1 ? 0 : -2
    for (let place = 0; place < Math.max(parts.length, others.length); place += 1) {
      const difference = (parts[place] ?? fill) - (others[place] ?? fill)
      if (difference !== 0) return difference
    }
  }
  return 0
}
