import { didYouMean } from '../../../schema/nearest.ts'
import { TemplateError } from '../template.ts'
import { ExpressionParser } from './expression-parser.ts'
import { kinds } from './token.ts'
import type { Body, Expression, Parameter, Statement, Target } from './tree.ts'

const tags =
  'if for set macro call filter block with print do break continue include import from extends autoescape raw'.split(
    ' ',
  )

function unknownTag(tag: string, offset: number): never {
  if (tag === 'else' || tag === 'elif' || (tag.startsWith('end') && tags.includes(tag.slice(3))))
    throw new TemplateError('syntax', `"${tag}" has nothing to belong to here`, {
      offset,
      hint: 'what was opened last is closed first',
    })
  throw new TemplateError('syntax', `unknown tag "${tag}"`, { offset, hint: didYouMean(tag, tags) })
}

/** Jinja2's statements on top of nunjucks' parser, which supplies `if`, `extends`, output and the nesting of bodies. */
export class StatementParser extends ExpressionParser {
  override parseStatement(): unknown {
    const tag = this.peekToken()
    if (tag?.type !== kinds.symbol) return this.fail('the name of a tag is missing')
    if (this.breakOnBlocks?.includes(tag.value)) return null
    switch (tag.value) {
      case 'if':
      case 'extends':
        return super.parseStatement()
      default:
    }
    this.nextToken()
    return this.statement(tag.value, tag.colno)
  }

  private statement(tag: string, offset: number): Statement {
    switch (tag) {
      case 'for':
        return this.forStatement(offset)
      case 'set':
        return this.setStatement(offset)
      case 'macro':
        return this.macroStatement(offset)
      case 'call':
        return this.callStatement(offset)
      case 'filter': {
        const filter = this.filterChain()
        return { typename: 'filterBlock', filter, body: this.body('filter'), offset }
      }
      case 'block':
        return this.blockStatement(offset)
      case 'with':
        return this.withStatement(offset)
      case 'print': {
        const printed = this.parseTuple()
        this.tagEnd(tag)
        return { typename: 'Output', children: [printed], colno: offset }
      }
      case 'do': {
        const expression = this.parseTuple()
        this.tagEnd(tag)
        return { typename: 'do', expression, offset }
      }
      case 'break':
      case 'continue':
        this.tagEnd(tag)
        return { typename: tag, offset }
      case 'include':
        return this.includeStatement(offset)
      case 'import':
        return this.importStatement(offset)
      case 'from':
        return this.fromStatement(offset)
      case 'autoescape':
        this.parseConditional()
        return { typename: 'with', bindings: [], body: this.body(tag), offset }
      default:
        return unknownTag(tag, offset)
    }
  }

  private forStatement(offset: number): Statement {
    const target = this.target()
    if (!this.skipSymbol('in')) this.fail('"in" is missing in the for loop')
    const items = this.parseForItems()
    const condition = this.skipSymbol('if') ? this.parseConditional() : null
    const recursive = this.skipSymbol('recursive')
    this.tagEnd('for')
    const body = this.bodyUntil('endfor', 'else')
    const otherwise = this.skipSymbol('else') ? (this.tagEnd('else'), this.bodyUntil('endfor')) : null
    this.closingTag('for')
    return { typename: 'for', target, items, condition, recursive, body, otherwise, offset }
  }

  /** The items of a loop: an `if` after them is the loop's filter, not an inline if. */
  private parseForItems(): Expression {
    const first = this.parseOr()
    if (!this.isNext(kinds.comma)) return first
    const items = [first]
    while (this.skip(kinds.comma)) items.push(this.parseOr())
    return { kind: 'tuple', items, offset: first.offset }
  }

  private setStatement(offset: number): Statement {
    const target = this.target()
    if (this.skipValue(kinds.operator, '=')) {
      const value = this.parseTuple()
      this.tagEnd('set')
      return { typename: 'set', target, value, offset }
    }
    const filter = this.skip(kinds.pipe) ? this.filterChain() : null
    return { typename: 'setBlock', target, filter, body: this.body('set'), offset }
  }

  private macroStatement(offset: number): Statement {
    const name = this.name('a macro')
    const parameters = this.parameters()
    return { typename: 'macro', name, parameters, body: this.body('macro'), offset }
  }

  private callStatement(offset: number): Statement {
    const parameters = this.isNext(kinds['(']) ? this.parameters() : []
    const call = this.parseConditional()
    if (call.kind !== 'call') this.fail('a call block needs a call', 0, call.offset)
    return { typename: 'callBlock', parameters, call, body: this.body('call'), offset }
  }

  private blockStatement(offset: number): Statement {
    const name = this.name('a block')
    const scoped = this.skipSymbol('scoped')
    this.skipSymbol('required')
    return { typename: 'block', name, scoped, body: this.body('block'), offset }
  }

  private withStatement(offset: number): Statement {
    const bindings: [Target, Expression][] = []
    while (!this.isNext(kinds.blockEnd)) {
      if (bindings.length > 0) this.want(kinds.comma, ',')
      const target = this.singleTarget()
      this.want(kinds.operator, '=')
      bindings.push([target, this.parseConditional()])
    }
    return { typename: 'with', bindings, body: this.body('with'), offset }
  }

  private includeStatement(offset: number): Statement {
    const template = this.parseConditional()
    const ignoreMissing = this.skipSymbol('ignore')
    if (ignoreMissing && !this.skipSymbol('missing')) this.fail('"missing" is missing after "ignore"')
    const withContext = this.context(true)
    this.tagEnd('include')
    return { typename: 'include', template, ignoreMissing, withContext, offset }
  }

  private importStatement(offset: number): Statement {
    const template = this.parseConditional()
    if (!this.skipSymbol('as')) this.fail('"as" is missing in the import')
    const names = this.name('a module')
    const withContext = this.context(false)
    this.tagEnd('import')
    return { typename: 'import', template, names, withContext, offset }
  }

  private fromStatement(offset: number): Statement {
    const template = this.parseConditional()
    if (!this.skipSymbol('import')) this.fail('"import" is missing')
    const names: [string, string][] = []
    let withContext = false
    while (!this.isNext(kinds.blockEnd)) {
      if (names.length > 0 && !this.skip(kinds.comma)) {
        withContext = this.context(false)
        break
      }
      if (this.isNext(kinds.blockEnd)) break
      const name = this.name('what is imported')
      names.push([name, this.skipSymbol('as') ? this.name('an alias') : name])
    }
    this.tagEnd('from')
    return { typename: 'import', template, names, withContext, offset }
  }

  private context(byDefault: boolean): boolean {
    const without = this.skipSymbol('without')
    if (!without && !this.skipSymbol('with')) return byDefault
    if (!this.skipSymbol('context')) this.fail('"context" is missing after "with" or "without"')
    return !without
  }

  private filterChain(): Expression {
    const first = this.parseFilter(null)
    return this.isNext(kinds.pipe) ? this.parseFilters(first) : first
  }

  private parameters(): Parameter[] {
    const parameters: Parameter[] = []
    this.want(kinds['('], '(')
    while (!this.skip(kinds[')'])) {
      if (parameters.length > 0) this.want(kinds.comma, ',')
      if (this.skip(kinds[')'])) break
      const name = this.name('a parameter')
      parameters.push({ name, default: this.skipValue(kinds.operator, '=') ? this.parseConditional() : null })
    }
    return parameters
  }

  private target(): Target {
    const first = this.singleTarget()
    if (!this.isNext(kinds.comma)) return first
    const items = [first]
    while (
      this.skip(kinds.comma) &&
      (this.isNext(kinds.symbol) || this.isNext(kinds['('])) &&
      this.peekToken()?.value !== 'in'
    )
      items.push(this.singleTarget())
    return { kind: 'tuple', items, offset: first.offset }
  }

  private singleTarget(): Target {
    const offset = this.offset()
    if (this.skip(kinds['('])) {
      const inside = this.target()
      this.want(kinds[')'], ')')
      return inside
    }
    const name = this.name('a variable')
    if (!this.skipValue(kinds.operator, '.')) return { kind: 'name', name, offset }
    return { kind: 'field', name, field: this.name('an attribute'), offset }
  }

  private name(what: string): string {
    const next = this.nextToken()
    if (next?.type !== kinds.symbol) return this.fail(`the name of ${what} is missing`, 0, next?.colno)
    return next.value
  }

  private tagEnd(tag: string): void {
    const next = this.nextToken()
    if (next?.type !== kinds.blockEnd)
      this.fail(`unexpected "${next?.value ?? ''}" in the tag "${tag}"`, 0, next?.colno)
  }

  private body(tag: string): Body {
    this.tagEnd(tag)
    const body = this.bodyUntil(`end${tag}`)
    this.closingTag(tag)
    return body
  }

  private bodyUntil(...names: string[]): Body {
    return this.parseUntilBlocks(...names) as Body
  }

  private closingTag(tag: string): void {
    if (!this.skipSymbol(`end${tag}`)) this.fail(`"end${tag}" is missing`)
    // Jinja2 takes the macro's name after endmacro.
    if (this.isNext(kinds.symbol)) this.nextToken()
    this.tagEnd(`end${tag}`)
  }
}
