import { codeTokens } from './code-tokens.ts'
import { StatementParser } from './statement-parser.ts'
import { templateTokens, type Layout } from './template-tokens.ts'
import type { Body, Expression } from './tree.ts'

/** Reads a template. Its line ends are `\n` afterwards, whatever they were. Throws `TemplateError` for wrong syntax. */
export function parseTemplate(source: string, layout: Layout): Body {
  const parser = new StatementParser(templateTokens(source.replace(/\r\n?/g, '\n'), layout))
  return parser.parseAsRoot() as Body
}

/** Reads a bare expression. Throws `TemplateError` for wrong syntax. */
export function parseExpression(source: string): Expression {
  const parser = new StatementParser(codeTokens(source, 0, null).tokens)
  const expression = parser.parseTuple()
  return parser.peekToken() ? parser.unexpected('') : expression
}
