/** The parts of nunjucks that this folder builds on, which its own types leave out. */
declare module 'nunjucks/src/parser.js' {
  interface Token {
    readonly type: string
    readonly value: string
    readonly lineno: number
    readonly colno: number
  }
  class Parser {
    constructor(tokens: { nextToken(): Token | null; readonly tags: { readonly [mark: string]: string } })
    breakOnBlocks: readonly string[] | null
    nextToken(): Token | null
    peekToken(): Token | null
    pushToken(token: Token | null): void
    skip(type: string): boolean
    skipValue(type: string, value: string): boolean
    skipSymbol(value: string): boolean
    advanceAfterVariableEnd(): void
    advanceAfterBlockEnd(name?: string): Token
    parseUntilBlocks(...names: string[]): unknown
    parseStatement(): unknown
    parseExpression(): unknown
    parseAsRoot(): unknown
    fail(message: string, line?: number, column?: number): never
  }
  const exports: { readonly Parser: typeof Parser }
  export default exports
  export type { Parser, Token }
}
