import { routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { str } from '../values/python-text.ts'
import { index, iterate } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import { escape } from './html.ts'

const web =
  /^(?:(?:https?:\/\/|www\.)(?:(?:[\w%-]+\.)+(?:[a-z]{2,63}|xn--[\w%]{2,59})|(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil))|https?:\/\/(?:(?:[\d]{1,3})(?:\.[\d]{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\])|(?:https?:\/\/|www\.)?(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil))(?::[\d]{1,5})?(?:[/?#]\S*)?$/iu
const mail = /^\S+@\w[\w.-]*\.\w+$/u

interface Links {
  readonly limit: number | null
  readonly attributes: string
  readonly schemes: readonly string[]
}

/** Puts the brackets and marks around a word apart from it, as Jinja2's `urlize` does. */
function bare(word: string): readonly [head: string, middle: string, tail: string] {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  let middle = word.slice(head.length)
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? ''
  middle = middle.slice(0, middle.length - tail.length)
  // What was opened in the word is closed in the word.
  for (const [open, close] of [
    ['(', ')'],
    ['<', '>'],
    ['&lt;', '&gt;'],
  ] as const) {
    for (
      let missing = middle.split(open).length - middle.split(close).length;
      missing > 0 && tail.includes(close);
      missing -= 1
    ) {
      const taken = tail.slice(0, tail.indexOf(close) + close.length)
      middle += taken
      tail = tail.slice(taken.length)
    }
  }
  return [head, middle, tail]
}

function linked(word: string, { limit, attributes, schemes }: Links): string {
  const [head, middle, tail] = bare(word)
  const short = limit !== null && middle.length > limit ? `${middle.slice(0, limit)}...` : middle
  const link = (href: string, text: string, more: string): string =>
    `${head}<a href="${href}"${more}>${text}</a>${tail}`
  if (web.test(middle)) return link(/^https?:\/\//.test(middle) ? middle : `https://${middle}`, short, attributes)
  if (middle.startsWith('mailto:') && mail.test(middle.slice(7))) return link(middle, middle.slice(7), '')
  if (middle.includes('@') && !middle.startsWith('www.') && !middle.includes(':') && mail.test(middle))
    return link(`mailto:${middle}`, middle, '')
  if (schemes.some((scheme) => middle !== scheme && middle.startsWith(scheme))) return link(middle, middle, attributes)
  return word
}

export const urlizeFilters: Routines = new Map([
  [
    'urlize',
    routine(
      'trim_url_limit? nofollow? target? rel? extra_schemes?',
      (
        _,
        value: unknown,
        limit: unknown = null,
        nofollow: unknown = false,
        target: unknown = null,
        rel: unknown = null,
        extra: unknown = null,
      ) => {
        const relations = new Set([...(rel === null ? [] : str(rel).split(/\s+/)), 'noopener'].filter(Boolean))
        if (truthy(nofollow)) relations.add('nofollow')
        const schemes = extra === null ? [] : iterate(extra).map((scheme) => str(scheme))
        for (const scheme of schemes)
          if (!/^[\w.+-]{2,}:(?:\/{0,2})$/.test(scheme)) fail(`'${scheme}' is not a valid URI scheme prefix`)
        const attributes = ` rel="${escape([...relations].toSorted().join(' '))}"${target === null ? '' : ` target="${escape(target)}"`}`
        const links = { limit: limit === null ? null : index(limit), attributes, schemes }
        return escape(value)
          .split(/(\s+)/)
          .map((word) => linked(word, links))
          .join('')
      },
    ),
  ],
])
