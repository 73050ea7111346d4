import nunjucks from 'nunjucks/src/parser.js'
import { TemplateError } from '../template.ts'
import { kinds, type Kind, type Token } from './token.ts'

/** nunjucks asks its lexer for these; the tokens come without the marks of whitespace control. */
const tags = { VARIABLE_START: '{{', VARIABLE_END: '}}', COMMENT_START: '{#', COMMENT_END: '#}' }

/** nunjucks' parser over tokens of ours, with errors of ours. */
export class TokenReader extends nunjucks.Parser {
  private readonly all: readonly Token[]
  private at = 0
  constructor(tokens: readonly Token[]) {
    super({ nextToken: () => null, tags })
    this.all = tokens
  }

  // nunjucks takes each token from its lexer and puts it back to look at it: most of the time of reading a template went there.
  override nextToken(): Token | null {
    this.at += 1
    return this.all[this.at - 1] ?? null
  }
  override peekToken(): Token | null {
    return this.all[this.at] ?? null
  }
  override pushToken(): void {
    this.at -= 1
  }
  override skip(type: string): boolean {
    if (this.all[this.at]?.type !== type) return false
    this.at += 1
    return true
  }
  override skipValue(type: string, value: string): boolean {
    return this.all[this.at]?.value === value && this.skip(type)
  }

  override fail(message: string, _line?: number, column?: number): never {
    const offset = column ?? this.peekToken()?.colno
    // What nunjucks itself says starts with the name of its method.
    throw new TemplateError('syntax', message.replace(/^(?:parse|advance)\w+: /, ''), { offset })
  }

  /** What nunjucks asks for after an expression in `{{ }}`. */
  override advanceAfterVariableEnd(): void {
    if (this.skip(kinds.variableEnd)) return
    this.unexpected('}}')
  }

  override advanceAfterBlockEnd(name?: string): Token {
    const tag = name ?? this.nextToken()?.value ?? ''
    const next = this.nextToken()
    if (next?.type === kinds.blockEnd) return next
    if (!next) return this.fail(`the tag "${tag}" is not complete`)
    return this.fail(`unexpected "${next.value}" in the tag "${tag}"`, 0, next.colno)
  }

  /** Says what stands where the expression should have ended, and why that cannot be. */
  unexpected(end: string): never {
    const next = this.peekToken()
    if (!next) return this.fail(`"${end}" is missing`)
    throw new TemplateError('syntax', `unexpected "${next.value}": the expression ends before it`, {
      offset: next.colno,
      hint: hintFor(next, end),
    })
  }

  protected offset(): number {
    return this.peekToken()?.colno ?? 0
  }

  protected isNext(type: Kind): boolean {
    return this.peekToken()?.type === type
  }

  /** Takes the token, or fails with what stands there instead. */
  protected want(type: Kind, sign: string): void {
    if (this.skip(type)) return
    const next = this.peekToken()
    this.fail(next ? `expected "${sign}", found "${next.value}"` : `expected "${sign}"`)
  }

  /** Whether what comes next can start an expression. */
  protected startsExpression(): boolean {
    const next = this.peekToken()
    if (!next) return false
    if (next.type === kinds.operator) return next.value === '-' || next.value === '+'
    return (
      !(
        [kinds.blockEnd, kinds.variableEnd, kinds[')'], kinds[']'], kinds['}'], kinds.comma, kinds.colon] as string[]
      ).includes(next.type) && next.value !== 'in'
    )
  }
}

function hintFor({ type, value }: { type: string; value: string }, end: string): string | undefined {
  if (value === '=') return 'compare with "=="; a variable is set with "{% set … %}"'
  if (value === '|') return undefined
  if (value === '!') return '"not" says the opposite'
  if (([kinds.symbol, kinds.string, kinds.integer, kinds.float] as string[]).includes(type))
    return 'an operator or a comma is missing: "~" joins texts, "|" calls a filter'
  return end === '' ? undefined : `"${end}" or an operator is expected here`
}
