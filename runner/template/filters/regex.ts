import { routine, textOf, type Context, type Routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { str } from '../values/python-text.ts'
import { index } from '../values/sequence.ts'
import { allMatches, firstMatch } from '../values/match.ts'
import { expand, pythonRegex } from '../values/regex.ts'
import { fail, tuple } from '../values/types.ts'

function regex(pattern: unknown, ignoreCase: unknown, multiLine: unknown): RegExp {
  return pythonRegex(textOf(pattern, 'a regular expression'), {
    ignoreCase: truthy(ignoreCase),
    multiLine: truthy(multiLine),
  })
}

/** What `re.findall` gives for one match: the match, its only group, or a tuple of its groups. */
function found(match: RegExpMatchArray): unknown {
  if (match.length === 1) return match[0]
  const groups = match.slice(1).map((group: string | undefined) => group ?? '')
  return groups.length === 1 ? groups[0] : tuple(...groups)
}

const search: Routine = routine(
  'regex *groups **options',
  (_: Context, value: unknown, pattern: unknown, groups: unknown[], options: ReadonlyMap<string, unknown>) => {
    const match = firstMatch(
      regex(pattern, options.get('ignorecase') ?? false, options.get('multiline') ?? false),
      str(value),
    )
    if (!match) return null
    if (groups.length === 0) return match[0]
    return groups.map((group) => {
      const text = str(group)
      const named = /^\\g<(\w+)>$/.exec(text)?.[1]
      const numbered = /^\\(\d+)$/.exec(text)?.[1] ?? (named !== undefined && /^\d+$/.test(named) ? named : undefined)
      if (numbered !== undefined)
        return Number(numbered) < match.length
          ? (match[Number(numbered)] ?? null)
          : fail(`there is no group ${numbered}`)
      if (named === undefined) return fail(`Unknown argument ${text}`, 'name a group as \\\\g<name> or \\\\1')
      return match.groups && named in match.groups
        ? (match.groups[named] ?? null)
        : fail(`there is no group '${named}'`)
    })
  },
)

export const regexFilters: Routines = new Map([
  ['regex_search', search],
  [
    'regex_replace',
    routine(
      'pattern? replacement? ignorecase? multiline? count? mandatory_count?',
      (
        _,
        value: unknown,
        pattern: unknown = '',
        by: unknown = '',
        ignoreCase: unknown = false,
        multiLine: unknown = false,
        count: unknown = 0,
        mandatory: unknown = 0,
      ) => {
        const text = str(value)
        const matches = allMatches(regex(pattern, ignoreCase, multiLine), text).slice(0, index(count) || undefined)
        if (index(mandatory) > 0 && matches.length !== index(mandatory))
          fail(
            `'${str(pattern)}' should match ${index(mandatory)} times, but matches ${matches.length} times in '${text}'`,
          )
        let out = ''
        let at = 0
        for (const match of matches) {
          out += text.slice(at, match.index) + expand(str(by), match)
          at = match.index + match[0].length
        }
        return out + text.slice(at)
      },
    ),
  ],
  [
    'regex_findall',
    routine(
      'regex multiline? ignorecase?',
      (_, value: unknown, pattern: unknown, multiLine: unknown = false, ignoreCase: unknown = false) =>
        allMatches(regex(pattern, ignoreCase, multiLine), str(value)).map(found),
    ),
  ],
  [
    'regex_escape',
    routine('re_type?', (_, value: unknown, type: unknown = 'python') => {
      if (type === 'posix_basic') return str(value).replace(/[[\].^$*\\]/g, '\\$&')
      return str(value).replace(/[\s#$&()*+\-.?[\\\]^{|}~]/g, '\\$&')
    }),
  ],
])
