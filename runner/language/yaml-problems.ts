import type { YAMLParseError } from 'yaml'
import { quotedHint } from './compose.ts'
import { positionAt } from './position.ts'
import type { Problem, SourceFile } from './source.ts'

interface Explained {
  readonly message: string
  readonly hint?: string
  readonly start?: number
  readonly end?: number
}

/** A syntax error of the YAML library in words that say what to do, at the place where the mistake was made. */
export function syntaxProblem(source: SourceFile, error: YAMLParseError): Problem {
  const [start, end] = error.pos
  const explained =
    templateBefore(source.text, start) ??
    tabBefore(source.text, start) ??
    noBreakSpaceBefore(source.text, start) ??
    explain(source.text, error)
  const at = positionAt(source, explained.start ?? start, explained.end ?? end)
  return { message: explained.message, at, hint: explained.hint }
}

/** An unquoted `{{` at the start of a value, in the line of the error or the one before. */
function templateBefore(text: string, offset: number): Explained | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const from = text.lastIndexOf('\n', lineStart - 2) + 1
  const match = /(?:[:-]|^)[ \t]+(\{[{%].*)$/m.exec(text.slice(from, lineEnd(text, offset)))
  if (match?.[1] === undefined) return undefined
  const start = from + match.index + match[0].length - match[1].length
  const value = match[1].replace(/\s+#.*$/, '').trimEnd()
  return {
    message: `a value that begins with "${value.slice(0, 2)}" must be quoted`,
    hint: quotedHint(value),
    start,
    end: start + value.length,
  }
}

/** A tab among the blanks that a line begins with. */
function tabBefore(text: string, offset: number): Explained | undefined {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const tab = /^ *\t/.exec(text.slice(from))?.[0].length
  if (tab === undefined) return undefined
  const message = 'a tab is used to indent, but YAML takes only spaces'
  return { message, hint: 'replace the tab with spaces', start: from + tab - 1, end: from + tab }
}

/** A no-break space, which looks like a space, among those that a line begins with. */
function noBreakSpaceBefore(text: string, offset: number): Explained | undefined {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const before = /^ *\u00A0/.exec(text.slice(from))?.[0].length
  if (before === undefined) return undefined
  const message = 'a no-break space is used to indent, but YAML takes only spaces'
  return { message, hint: 'replace it with a space', start: from + before - 1, end: from + before }
}

function explain(text: string, error: YAMLParseError): Explained {
  const [start] = error.pos
  switch (error.code) {
    case 'MISSING_CHAR':
      return missingCharacter(text, error)
    case 'BAD_INDENT':
      return /flow/i.test(error.message) ? unclosedBracket(text, start, error.message) : wrongIndent(text, start)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return colonInValue(text, start)
    case 'MULTILINE_IMPLICIT_KEY':
      return missingColon(text, start)
    case 'BLOCK_IN_FLOW':
      return (
        missingComma(text, start) ?? {
          message: 'a list or mapping with indentation cannot stand inside brackets',
          hint: 'close the bracket first',
        }
      )
    case 'TAB_AS_INDENT':
      return { message: 'a tab stands here, but YAML takes only spaces', hint: 'replace the tab with spaces' }
    case 'BAD_ALIAS':
      if (text[start] === '&')
        return { message: 'the name of an anchor is missing after "&"', hint: 'quote it if it is text' }
      return { message: 'a value that begins with "*" is read as an alias', hint: 'quote it, or name an anchor' }
    case 'BAD_DQ_ESCAPE':
      return { message: 'unknown escape in a double-quoted text', hint: 'use single quotes, or double the backslash' }
    case 'BAD_SCALAR_START': {
      const character = text.charAt(start)
      return {
        message: `a value may not begin with ${character === '`' ? 'a backquote' : `"${character}"`}`,
        hint: 'quote the value',
        end: start + 1,
      }
    }
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, start, error.message)
    default:
      return { message: `this is no valid YAML: ${firstLine(error.message)}` }
  }
}

function missingCharacter(text: string, error: YAMLParseError): Explained {
  const quote = /closing (["'])/.exec(error.message)?.[1]
  if (quote === undefined)
    return /missing space/i.test(error.message)
      ? { message: 'a space is missing here' }
      : missingColon(text, error.pos[0])
  const open = unclosedQuote(text, quote, error.pos[0])
  return {
    message: `this text is not closed: a ${quote} is missing`,
    hint: `end it with ${quote}`,
    start: open,
    end: lineEnd(text, open),
  }
}

/** Another `key: ` in a line within brackets, without a comma before it. */
function missingComma(text: string, start: number): Explained | undefined {
  const match = /^([^,[\]{}]*?\s)([\w.-]+):\s/.exec(text.slice(start, lineEnd(text, start)))
  if (match === null) return undefined
  const [, before = '', key = ''] = match
  const at = start + before.length
  return { message: `a comma is missing before "${key}"`, start: at, end: at + key.length }
}

/** Where the quote that was never closed stands: the last that begins a value. */
function unclosedQuote(text: string, quote: string, before: number): number {
  const opening = new RegExp(`(?:^|[:\\-[{,?]\\s+|[[{,]|\\n\\s*)${quote}`, 'g')
  let open = 0
  for (const match of text.slice(0, before + 1).matchAll(opening)) open = match.index + match[0].length - 1
  return open
}

function unclosedBracket(text: string, offset: number, message: string): Explained {
  const [open, close] = message.includes(']') ? ['[', ']'] : ['{', '}']
  let depth = 0
  for (let at = Math.min(offset, text.length - 1); at >= 0; at -= 1) {
    if (text[at] === close) depth += 1
    else if (text[at] === open) {
      if (depth === 0) return { message: `a "${close}" is missing for this "${open}"`, start: at, end: at + 1 }
      depth -= 1
    }
  }
  return { message: `a "${close}" is missing` }
}

function colonInValue(text: string, start: number): Explained {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  if (before.trim() === '' && text.slice(start).trimStart().startsWith('- ')) return wrongIndent(text, start)
  const colon = text.indexOf(': ', start)
  const end = lineEnd(text, start)
  if (colon === -1 || colon > end) return wrongIndent(text, end)
  return {
    message: 'this value holds a colon and a space, which YAML takes for another key',
    hint: quotedHint(text.slice(start, end).trimEnd()),
    end,
  }
}

/** The first line with something on it from an offset on, which does not begin in the column where it should. */
function wrongIndent(text: string, from: number): Explained {
  const start = from + (/\S/.exec(text.slice(from))?.index ?? 0)
  return {
    message: 'this line does not begin in the same column as those that it belongs to',
    hint: 'keys of one mapping, and the dashes of one list, begin in the same column',
    start,
    end: lineEnd(text, start),
  }
}

function missingColon(text: string, start: number): Explained {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const line = text.slice(from, lineEnd(text, start))
  const tight = /^(\s*(?:- +)*)([A-Za-z_][\w.]*):(\S.*)$/.exec(line)
  if (tight !== null) {
    const [, indent = '', key = '', rest = ''] = tight
    const colon = from + indent.length + key.length
    return {
      message: 'a space is missing after the colon',
      hint: `write "${key}: ${rest.trimEnd()}"`,
      start: colon,
      end: colon + 1,
    }
  }
  const body = line.replace(/^\s*(?:- +)*/, '').trimEnd()
  if (body.endsWith(':') || body.includes(': ')) return wrongIndent(text, from)
  const begin = from + line.indexOf(body)
  return {
    message: 'this is text where a key is expected',
    hint: /^[\w.]+$/.test(body)
      ? `write "${body}:" if it is a key`
      : 'a colon is missing, or the line is not indented as it should be',
    start: begin,
    end: begin + body.length,
  }
}

function unexpected(text: string, start: number, message: string): Explained {
  const quoted = /^(\s*(?:- +)?[\w.-]+:\s+)?(["']).*?\2\s*\S/.exec(
    text.slice(text.lastIndexOf('\n', start - 1) + 1, lineEnd(text, start)),
  )
  if (quoted !== null && /scalar at node end|Unexpected/i.test(message)) {
    return {
      message: 'text follows a quoted value',
      hint: 'quote the whole value, in the other kind of quotes where it holds one',
      end: lineEnd(text, start),
    }
  }
  if (message.startsWith('Block scalar header'))
    return {
      message: `after "|" or ">" only "+", "-" and a digit may stand`,
      hint: 'begin the text in the next line',
      end: lineEnd(text, start),
    }
  if (message.startsWith('Unexpected ,')) return { message: 'a value is missing before this comma' }
  if (/^Unexpected \S+-scalar token|^Unexpected flow-/i.test(message))
    return { message: 'a comma is missing before this' }
  return {
    message: `this is not expected here: ${JSON.stringify(text.slice(start, Math.min(start + 20, lineEnd(text, start))))}`,
  }
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}
const firstLine = (message: string) => message.split('\n')[0] ?? message
