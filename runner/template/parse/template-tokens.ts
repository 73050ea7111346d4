import { TemplateError } from '../template.ts'
import { codeTokens } from './code-tokens.ts'
import { kinds, token, type Token } from './token.ts'

/** How the text around tags is read: Jinja2's options of the same names. */
export interface Layout {
  readonly trimBlocks: boolean
  readonly lstripBlocks: boolean
  readonly marks: Marks
  /** Whether a backslash in a string in `{{ }}` is just that, as Ansible has it in playbooks: `regex_replace('(a)', '\1')`. */
  readonly literalBackslashes: boolean
}
export interface Marks {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
}
export const defaultMarks: Marks = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')

/**
 * The tokens of a template, with whitespace control done as Jinja2's lexer does it. nunjucks' own lexer is not used: it drops
 * string escapes, does not count brackets (`{{ {'a': {}} }}`), reads `null` and `r/x/` as JavaScript does, and knows no `+` marks.
 */
export function templateTokens(text: string, { trimBlocks, lstripBlocks, marks, literalBackslashes }: Layout): Token[] {
  const newline = trimBlocks ? '\\n?' : ''
  const ends = (mark: string, suffix: string): string =>
    `\\-${escape(mark)}\\s*|\\+${escape(mark)}|${escape(mark)}${suffix}`
  const blockEnd = new RegExp(ends(marks.blockEnd, newline), 'y')
  const variableEnd = new RegExp(`\\-${escape(marks.variableEnd)}\\s*|${escape(marks.variableEnd)}`, 'y')
  const commentEnd = new RegExp(ends(marks.commentEnd, newline), 'g')
  // The line break after `raw` is part of what stands as it is.
  const raw = new RegExp(
    `${escape(marks.blockStart)}[-+]?\\s*raw\\s*(?:\\-${escape(marks.blockEnd)}\\s*|${escape(marks.blockEnd)})`,
    'y',
  )
  const endRaw = new RegExp(`${escape(marks.blockStart)}([-+]?)\\s*endraw\\s*(?:${ends(marks.blockEnd, newline)})`, 'g')
  const starts = [marks.commentStart, marks.blockStart, marks.variableStart].toSorted((a, b) => b.length - a.length)
  const start = new RegExp(`(${starts.map(escape).join('|')})([-+]?)`, 'g')
  const tokens: Token[] = []
  let at = 0

  const data = (from: number, to: number, sign: string, isVariable: boolean): void => {
    let piece = text.slice(from, to)
    if (sign === '-') piece = piece.trimEnd()
    else if (lstripBlocks && sign !== '+' && !isVariable)
      piece = stripLineStart(piece, from === 0 || text[from - 1] === '\n')
    if (piece !== '') tokens.push(token(kinds.data, piece, from))
  }

  while (at < text.length) {
    start.lastIndex = at
    const found = start.exec(text)
    if (!found) {
      data(at, text.length, '+', false)
      break
    }
    const [whole, mark = '', sign = ''] = found
    const inside = found.index + whole.length
    data(at, found.index, sign, mark === marks.variableStart)
    raw.lastIndex = found.index
    const rawTag = mark === marks.blockStart ? raw.exec(text) : null
    if (rawTag) {
      endRaw.lastIndex = found.index + rawTag[0].length
      const close = endRaw.exec(text)
      if (!close) throw unclosed('{% raw %}', '{% endraw %}', found.index)
      data(found.index + rawTag[0].length, close.index, close[1] ?? '', false)
      at = close.index + close[0].length
    } else if (mark === marks.commentStart) {
      commentEnd.lastIndex = inside
      const close = commentEnd.exec(text)
      if (!close) throw unclosed(marks.commentStart, marks.commentEnd, found.index)
      at = close.index + close[0].length
    } else {
      const isBlock = mark === marks.blockStart
      const code = codeTokens(text, inside, isBlock ? blockEnd : variableEnd, literalBackslashes && !isBlock)
      if (!code.ended) throw unclosed(mark, isBlock ? marks.blockEnd : marks.variableEnd, found.index)
      tokens.push(
        isBlock ? token(kinds.blockStart, '{%', found.index) : token(kinds.variableStart, '{{', found.index),
        ...code.tokens,
      )
      const endOffset = code.at - code.ended[0].length
      tokens.push(isBlock ? token(kinds.blockEnd, '%}', endOffset) : token(kinds.variableEnd, '}}', endOffset))
      at = code.at
    }
  }
  return tokens
}

function unclosed(mark: string, end: string, offset: number): TemplateError {
  return new TemplateError('syntax', `"${mark}" is never closed`, { offset, hint: `end it with "${end}"` })
}

/** lstrip_blocks: what stands before a tag on its line goes when it is blank. */
function stripLineStart(piece: string, startsLine: boolean): string {
  const lineStart = piece.lastIndexOf('\n') + 1
  if (lineStart === 0 && !startsLine) return piece
  return /^\s*$/.test(piece.slice(lineStart)) ? piece.slice(0, lineStart) : piece
}
