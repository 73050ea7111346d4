import { TemplateError } from '../template.ts'
import { float } from '../values/types.ts'
import { constants, integerLiteral } from './literals.ts'
import { TokenReader } from './token-reader.ts'
import { kinds, type Kind } from './token.ts'
import type { BinaryOperator, CallArguments, CompareOperator, Expression } from './tree.ts'

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const noArguments: CallArguments = { positional: [], keywords: [], spread: null, spreadKeywords: null }

/** nunjucks' parser with Jinja2's expressions: their precedence and forms follow Jinja2's "Expressions" and its grammar. */
export class ExpressionParser extends TokenReader {
  /** nunjucks reads the expressions of output and of its statements with this. */
  override parseExpression(): Expression {
    return this.parseTuple()
  }

  /** One expression, or several with commas: a tuple. */
  parseTuple(): Expression {
    const first = this.parseConditional()
    if (!this.isNext(kinds.comma)) return first
    const items = [first]
    while (this.skip(kinds.comma)) {
      if (!this.startsExpression()) break
      items.push(this.parseConditional())
    }
    return { kind: 'tuple', items, offset: first.offset }
  }

  parseConditional(): Expression {
    let whenTrue = this.parseOr()
    while (this.skipSymbol('if')) {
      const condition = this.parseOr()
      const whenFalse = this.skipSymbol('else') ? this.parseConditional() : null
      whenTrue = { kind: 'if', condition, whenTrue, whenFalse, offset: whenTrue.offset }
    }
    return whenTrue
  }

  parseOr(): Expression {
    let left = this.parseAnd()
    while (this.skipSymbol('or'))
      left = { kind: 'logic', operator: 'or', left, right: this.parseAnd(), offset: left.offset }
    return left
  }

  private parseAnd(): Expression {
    let left = this.parseNot()
    while (this.skipSymbol('and'))
      left = { kind: 'logic', operator: 'and', left, right: this.parseNot(), offset: left.offset }
    return left
  }

  private parseNot(): Expression {
    const offset = this.offset()
    return this.skipSymbol('not') ? { kind: 'not', operand: this.parseNot(), offset } : this.parseCompare()
  }

  private parseCompare(): Expression {
    const first = this.parseBinary(0)
    const rest: [CompareOperator, Expression][] = []
    for (;;) {
      const next = this.peekToken()
      const isOperator = next?.type === kinds.operator && comparisons.has(next.value)
      if (!next || !(isOperator || (next.type === kinds.symbol && (next.value === 'in' || next.value === 'not in'))))
        break
      this.nextToken()
      rest.push([next.value as CompareOperator, this.parseBinary(0)])
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, offset: first.offset }
  }

  /** `+ -`, then `~`, then `* / // %`, then `**`: each binds tighter than the one before, all from the left. */
  private parseBinary(level: 0 | 1 | 2): Expression {
    if (level === 1) return this.parseConcat()
    let left = level === 0 ? this.parseBinary(1) : this.parsePower()
    const operators = level === 0 ? ['+', '-'] : ['*', '/', '//', '%']
    for (;;) {
      const next = this.peekToken()
      if (next?.type !== kinds.operator || !operators.includes(next.value)) return left
      this.nextToken()
      const right = level === 0 ? this.parseBinary(1) : this.parsePower()
      left = { kind: 'binary', operator: next.value as BinaryOperator, left, right, offset: left.offset }
    }
  }

  private parseConcat(): Expression {
    const items = [this.parseBinary(2)]
    while (this.skip(kinds.tilde)) items.push(this.parseBinary(2))
    const [first] = items
    return first && items.length === 1 ? first : { kind: 'concat', items, offset: first?.offset ?? 0 }
  }

  private parsePower(): Expression {
    let left = this.parseUnary(true)
    while (this.skipValue(kinds.operator, '**'))
      left = { kind: 'binary', operator: '**', left, right: this.parseUnary(true), offset: left.offset }
    return left
  }

  parseUnary(withFilters: boolean): Expression {
    const offset = this.offset()
    let node: Expression
    if (this.skipValue(kinds.operator, '-'))
      node = { kind: 'unary', operator: '-', operand: this.parseUnary(false), offset }
    else if (this.skipValue(kinds.operator, '+'))
      node = { kind: 'unary', operator: '+', operand: this.parseUnary(false), offset }
    else node = this.parseOperand()
    node = this.parsePostfixes(node)
    return withFilters ? this.parseFilters(node) : node
  }

  private parseOperand(): Expression {
    const next = this.nextToken()
    if (!next) return this.fail('the expression ends too early')
    const offset = next.colno
    if (next.type === kinds['{'] && this.isNext(kinds['{']))
      throw new TemplateError('syntax', '"{{" stands within an expression', {
        offset,
        hint: 'names need no braces there',
      })
    switch (next.type) {
      case kinds.symbol:
        if (constants.has(next.value)) return { kind: 'literal', value: constants.get(next.value), offset }
        return { kind: 'name', name: next.value, offset }
      case kinds.string: {
        let text = next.value
        for (let more = this.peekToken(); more?.type === kinds.string; more = this.peekToken()) {
          text += more.value
          this.nextToken()
        }
        return { kind: 'literal', value: text, offset }
      }
      case kinds.integer:
        return { kind: 'literal', value: integerLiteral(next.value), offset }
      case kinds.float:
        return { kind: 'literal', value: float(Number(next.value.replaceAll('_', ''))), offset }
      case kinds['(']:
        return this.parseParentheses(offset)
      case kinds['[']:
        return { kind: 'list', items: this.parseItems(kinds[']']), offset }
      case kinds['{']:
        return this.parseDict(offset)
      default:
        return this.fail(`a value is missing before "${next.value}"`, 0, offset)
    }
  }

  private parseParentheses(offset: number): Expression {
    if (this.skip(kinds[')'])) return { kind: 'tuple', items: [], offset }
    const inside = this.parseTuple()
    this.want(kinds[')'], ')')
    return inside
  }

  private parseItems(close: Kind): Expression[] {
    const items: Expression[] = []
    while (!this.skip(close)) {
      if (items.length > 0) this.want(kinds.comma, ',')
      if (this.skip(close)) break
      items.push(this.parseConditional())
    }
    return items
  }

  private parseDict(offset: number): Expression {
    const pairs: [Expression, Expression][] = []
    while (!this.skip(kinds['}'])) {
      if (pairs.length > 0) this.want(kinds.comma, ',')
      if (this.skip(kinds['}'])) break
      const key = this.parseConditional()
      this.want(kinds.colon, ':')
      pairs.push([key, this.parseConditional()])
    }
    return { kind: 'dict', pairs, offset }
  }

  private parsePostfixes(start: Expression): Expression {
    let node = start
    for (;;) {
      const next = this.peekToken()
      const offset = next?.colno ?? 0
      if (next?.type === kinds.operator && next.value === '.') {
        this.nextToken()
        const name = this.nextToken()
        if (name?.type === kinds.symbol)
          node = { kind: 'attribute', target: node, name: name.value, offset: node.offset }
        else if (name?.type === kinds.integer)
          node = {
            kind: 'item',
            target: node,
            key: { kind: 'literal', value: Number(name.value), offset: name.colno },
            offset: node.offset,
          }
        else return this.fail('a name is missing after "."', 0, offset)
      } else if (next?.type === kinds['[']) {
        this.nextToken()
        node = this.parseSubscript(node)
      } else if (next?.type === kinds['('])
        node = { kind: 'call', target: node, args: this.parseArguments(), offset: node.offset }
      else return node
    }
  }

  private parseSubscript(target: Expression): Expression {
    const { offset } = target
    const part = (): Expression | null =>
      this.startsExpression() && !this.isNext(kinds.colon) ? this.parseConditional() : null
    const start = this.isNext(kinds.colon) ? null : this.parseTuple()
    if (this.skip(kinds.colon)) {
      const stop = part()
      const step = this.skip(kinds.colon) ? part() : null
      this.want(kinds[']'], ']')
      return { kind: 'slice', target, start, stop, step, offset }
    }
    this.want(kinds[']'], ']')
    return { kind: 'item', target, key: start ?? this.fail('an index is missing'), offset }
  }

  /** Filters, tests and calls that follow an operand. */
  parseFilters(start: Expression): Expression {
    let node = start
    for (;;) {
      if (this.skip(kinds.pipe)) node = this.parseFilter(node)
      else if (this.skipSymbol('is')) node = this.parseTest(node)
      else if (this.isNext(kinds['(']))
        node = { kind: 'call', target: node, args: this.parseArguments(), offset: node.offset }
      else return node
    }
  }

  /** A filter's name and arguments, after the `|`. */
  parseFilter(target: Expression | null): Expression {
    const offset = this.offset()
    const name = this.parseDottedName('filter')
    return { kind: 'filter', target, name, args: this.isNext(kinds['(']) ? this.parseArguments() : noArguments, offset }
  }

  private parseTest(target: Expression): Expression {
    const negated = this.skipSymbol('not')
    const offset = this.offset()
    // After `is`, the one token `not in` is the test `in`, negated.
    const fused = this.skipSymbol('not in')
    const name = fused ? 'in' : this.parseDottedName('test')
    let args = noArguments
    if (this.isNext(kinds['('])) args = this.parseArguments()
    else if (this.startsTestArgument())
      args = { ...noArguments, positional: [this.parsePostfixes(this.parseOperand())] }
    const test: Expression = { kind: 'test', target, name, args, offset }
    return negated || fused ? { kind: 'not', operand: test, offset } : test
  }

  private startsTestArgument(): boolean {
    const next = this.peekToken()
    if (next?.type === kinds.symbol) {
      if (next.value === 'is') return this.fail('tests cannot be chained with "is"')
      return !['else', 'or', 'and', 'if', 'in', 'not in', 'not'].includes(next.value)
    }
    return (
      next !== null &&
      next !== undefined &&
      ([kinds.string, kinds.integer, kinds.float, kinds['['], kinds['{']] as string[]).includes(next.type)
    )
  }

  private parseDottedName(what: string): string {
    const part = (): string => {
      const next = this.nextToken()
      return next?.type === kinds.symbol ? next.value : this.fail(`the name of a ${what} is missing`, 0, next?.colno)
    }
    let name = part()
    while (this.skipValue(kinds.operator, '.')) name += `.${part()}`
    return name
  }

  parseArguments(): CallArguments {
    this.want(kinds['('], '(')
    const positional: Expression[] = []
    const keywords: [string, Expression][] = []
    let spread: Expression | null = null
    let spreadKeywords: Expression | null = null
    let first = true
    while (!this.skip(kinds[')'])) {
      if (!first) this.want(kinds.comma, ',')
      if (this.skip(kinds[')'])) break
      first = false
      if (this.skipValue(kinds.operator, '**')) spreadKeywords = this.parseConditional()
      else if (this.skipValue(kinds.operator, '*')) spread = this.parseConditional()
      else {
        const value = this.parseConditional()
        if (value.kind === 'name' && this.skipValue(kinds.operator, '='))
          keywords.push([value.name, this.parseConditional()])
        else if (keywords.length > 0) this.fail('an argument without a name follows one with a name', 0, value.offset)
        else positional.push(value)
      }
    }
    return { positional, keywords, spread, spreadKeywords }
  }
}
