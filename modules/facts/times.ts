import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** When a file was last read and written, in the host's local time, as touch(1) takes it: `202601311305.00`. */
export interface FileTimes {
  readonly access: string
  readonly modification: string
}

/** The times of what is at a path, links followed; null where nothing is. */
export const times = defineFact<string, FileTimes | null>({
  name: 'times',
  script: (paths) =>
    paths
      .map(quote)
      .map((path) => `if [ -e ${path} ]; then stat -L -c '%x|%y' -- ${path}; else echo; fi\n`)
      .join(''),
  split: (output, paths) => {
    const lines = output.toString().split('\n')
    return paths.map((_, index) => Buffer.from(`${lines[index] ?? ''}\n`))
  },
  parse(raw, path) {
    const line = raw.toString().trim()
    if (line === '') return null
    const [access, modification] = line.split('|').map(touchTime)
    if (access === undefined || modification === undefined)
      throw new UnreadableFact(`cannot read the times of ${path}: stat printed ${line}`)
    return { access, modification }
  },
  path: (path) => path,
  absent: null,
  volatile: true,
})

/** `2026-01-31 13:05:00.000000000 +0100` as `202601311305.00`. */
function touchTime(text: string): string | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text) ?? []
  return second === undefined ? undefined : `${year}${month}${day}${hour}${minute}.${second}`
}
