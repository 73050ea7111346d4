import type { Position, Problem } from './source.ts'

/** What a part of a drawn problem is, for who colours it. */
export type Paint = (part: 'message' | 'place' | 'gutter' | 'caret' | 'hint', text: string) => string
const plain: Paint = (_, text) => text

/**
 * A problem as text: its place, what is wrong, the line with what is meant underlined, and what to do.
 *
 *     site.yml:4:3: unknown keyword "taks" in a play
 *        3 |   hosts: all
 *        4 |   taks:
 *          |   ^^^^
 *       hint: did you mean "tasks"?
 */
export function drawProblem(problem: Problem, paint: Paint = plain): string {
  const { at, hint, message } = problem
  const where = at === undefined ? '' : `${paint('place', `${at.source.name}:${at.line}:${at.column}:`)} `
  const lines = [`${where}${paint('message', message)}`]
  if (at !== undefined && at.source.text !== '' && at.source.sealed !== true) lines.push(...frame(at, paint))
  if (hint !== undefined && hint !== '') lines.push(paint('hint', `  hint: ${hint}`))
  return lines.join('\n')
}

/** All problems in the order of files and lines, and how many there are. */
export function drawProblems(problems: readonly Problem[], paint: Paint = plain): string {
  if (problems.length === 0) return ''
  const drawn = sorted(problems).map((problem) => drawProblem(problem, paint))
  return `${[...drawn, paint('message', problems.length === 1 ? '1 problem' : `${problems.length} problems`)].join('\n\n')}\n`
}

/** Files in the order in which they come first, lines in order within each. */
function sorted(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map((problem) => problem.at?.source.path))]
  const rank = ({ at }: Problem) => files.indexOf(at?.source.path)
  return problems.toSorted(
    (a, b) => rank(a) - rank(b) || (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
  )
}

const maxWidth = 110

function frame(at: Position, paint: Paint): readonly string[] {
  const lines = at.source.text.split('\n', at.line).map((line) => line.replace(/\r$/, ''))
  const width = Math.max(4, String(at.line).length + 1)
  const line = lines[at.line - 1] ?? ''
  const before = lines[at.line - 2]
  const numbered = (number: string, text: string) =>
    `${paint('gutter', `${number.padStart(width)} |`)}${text === '' ? '' : ` ${text}`}`
  const shown = window(line, at.column - 1)
  const start = at.column - 1 - shown.from
  const text = shown.text.slice(start, start + at.length)
  const underline = blanks(shown.text.slice(0, start)) + paint('caret', '^'.repeat(Math.max(1, columns(text))))
  const above =
    before === undefined || before.trim() === '' ? [] : [numbered(String(at.line - 1), window(before, 0).text)]
  return [...above, numbered(String(at.line), shown.text), numbered('', underline)]
}

/** The part of a long line that has the place in it. */
function window(line: string, column: number): { readonly text: string; readonly from: number } {
  if (line.length <= maxWidth) return { text: printable(line), from: 0 }
  const from = column < maxWidth - 30 ? 0 : column - 40
  return { text: printable(line.slice(from, from + maxWidth)), from }
}

/** Control characters would move the terminal's cursor; a tab stays, so that the line below it lines up. */
const printable = (text: string) => text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\uFFFD')
const blanks = (text: string) =>
  Array.from(text, (character) => (character === '\t' ? '\t' : ' '.repeat(columnsOf(character)))).join('')
const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u
const columnsOf = (character: string) => (wide.test(character) ? 2 : /\p{Mn}/u.test(character) ? 0 : 1)
const columns = (text: string) => Array.from(text).reduce((sum, character) => sum + columnsOf(character), 0)
