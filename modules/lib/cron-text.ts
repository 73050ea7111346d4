/** Cron's nicknames, by the argument's values; `reboot` and the like are cron's own words. */
export const SPECIAL_TIMES = ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'] as const

const HEADER = '#Ansible: '

export interface Job {
  readonly name: string
  /** The line without what disables it. */
  readonly line: string
}

const split = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

/** The crontab with a job: in place of the one of the same name, else at its end. */
export function ensureJob(text: string, { name, line }: Job): string {
  const lines = split(text)
  const at = lines.indexOf(HEADER + name)
  if (at >= 0)
    return joined(
      lines.with(at, HEADER + name).toSpliced(at + 1, lines[at + 1]?.startsWith(HEADER) === true ? 0 : 1, line),
    )
  // A job that somebody else wrote is taken over.
  const bare = lines.indexOf(line)
  if (bare >= 0 && !(lines[bare - 1] ?? '').startsWith(HEADER)) return joined(lines.toSpliced(bare, 0, HEADER + name))
  return joined([...lines, HEADER + name, line])
}

export function removeJob(text: string, name: string): string {
  const lines = split(text)
  const at = lines.indexOf(HEADER + name)
  return at < 0 ? text : joined(lines.toSpliced(at, lines[at + 1]?.startsWith(HEADER) === true ? 1 : 2))
}

export interface Variable {
  readonly name: string
  readonly value: string
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
}

const isVariable = (name: string) => {
  const start = new RegExp(`^\\s*${name.replace(/\W/g, '\\$&')}\\s*=`)
  return (line: string): boolean => start.test(line)
}

/** The crontab with a variable: in place, beside another, else at its beginning; a problem where that other is not there. */
export function ensureVariable(
  text: string,
  { name, value, insertafter, insertbefore }: Variable,
): string | { readonly problem: string } {
  const lines = split(text)
  const line = `${name}="${value}"`
  const at = lines.findIndex(isVariable(name))
  if (at >= 0) return joined(lines.with(at, line))
  const beside = insertafter ?? insertbefore
  if (beside === undefined) return joined([line, ...lines])
  const place = lines.findIndex(isVariable(beside))
  if (place < 0) return { problem: `Variable named '${beside}' not found.` }
  return joined(lines.toSpliced(insertafter === undefined ? place : place + 1, 0, line))
}

export function removeVariable(text: string, name: string): string {
  return joined(split(text).filter((line) => !isVariable(name)(line)))
}

/** The names of jobs, and of variables. */
export function namesIn(text: string): { readonly jobs: readonly string[]; readonly envs: readonly string[] } {
  const lines = split(text)
  return {
    jobs: lines.filter((line) => line.startsWith(HEADER)).map((line) => line.slice(HEADER.length)),
    envs: lines.flatMap((line) => /^\s*([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []),
  }
}
