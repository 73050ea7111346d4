/** The syntax tree of a template. `offset` is a UTF-16 index into the template's text. */

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export interface CallArguments {
  readonly positional: readonly Expression[]
  readonly keywords: readonly (readonly [name: string, value: Expression])[]
  readonly spread: Expression | null
  readonly spreadKeywords: Expression | null
}

export type Expression = { readonly offset: number } & (
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list' | 'tuple' | 'concat'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'attribute'; readonly target: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly target: Expression; readonly key: Expression }
  | {
      readonly kind: 'slice'
      readonly target: Expression
      readonly start: Expression | null
      readonly stop: Expression | null
      readonly step: Expression | null
    }
  | { readonly kind: 'call'; readonly target: Expression; readonly args: CallArguments }
  /** `target` is null in `{% filter … %}`, where the body stands for it. */
  | { readonly kind: 'filter'; readonly target: Expression | null; readonly name: string; readonly args: CallArguments }
  | { readonly kind: 'test'; readonly target: Expression; readonly name: string; readonly args: CallArguments }
  | { readonly kind: 'unary'; readonly operator: '-' | '+'; readonly operand: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'compare'
      readonly first: Expression
      readonly rest: readonly (readonly [CompareOperator, Expression])[]
    }
  | {
      readonly kind: 'if'
      readonly condition: Expression
      readonly whenTrue: Expression
      readonly whenFalse: Expression | null
    }
)

/** What `for` and `set` bind: a name, an attribute of a namespace, or several of them. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  | { readonly kind: 'field'; readonly name: string; readonly field: string; readonly offset: number }
  | { readonly kind: 'tuple'; readonly items: readonly Target[]; readonly offset: number }

export interface Parameter {
  readonly name: string
  readonly default: Expression | null
}

/** A list of statements, as nunjucks gives it. */
export interface Body {
  readonly children: readonly Statement[]
}

interface Data {
  readonly typename: 'TemplateData'
  readonly value: string
}

/** Statements: `Output`, `If` and `Extends` are nunjucks' own nodes (whose `colno` is the offset), the others Jinja2's. */
export type Statement =
  | { readonly typename: 'Output'; readonly children: readonly (Data | Expression)[]; readonly colno: number }
  | { readonly typename: 'If'; readonly cond: Expression; readonly body: Body; readonly else_: Body | Statement | null }
  | {
      readonly typename: 'block'
      readonly name: string
      readonly scoped: boolean
      readonly body: Body
      readonly offset: number
    }
  | { readonly typename: 'Extends'; readonly template: Expression; readonly colno: number }
  | {
      readonly typename: 'for'
      readonly target: Target
      readonly items: Expression
      readonly condition: Expression | null
      readonly recursive: boolean
      readonly body: Body
      readonly otherwise: Body | null
      readonly offset: number
    }
  | { readonly typename: 'set'; readonly target: Target; readonly value: Expression; readonly offset: number }
  | {
      readonly typename: 'setBlock'
      readonly target: Target
      readonly filter: Expression | null
      readonly body: Body
      readonly offset: number
    }
  | {
      readonly typename: 'macro'
      readonly name: string
      readonly parameters: readonly Parameter[]
      readonly body: Body
      readonly offset: number
    }
  | {
      readonly typename: 'callBlock'
      readonly parameters: readonly Parameter[]
      readonly call: Expression
      readonly body: Body
      readonly offset: number
    }
  | { readonly typename: 'filterBlock'; readonly filter: Expression; readonly body: Body; readonly offset: number }
  | {
      readonly typename: 'with'
      readonly bindings: readonly (readonly [Target, Expression])[]
      readonly body: Body
      readonly offset: number
    }
  | { readonly typename: 'do'; readonly expression: Expression; readonly offset: number }
  | { readonly typename: 'break' | 'continue'; readonly offset: number }
  | {
      readonly typename: 'include'
      readonly template: Expression
      readonly ignoreMissing: boolean
      readonly withContext: boolean
      readonly offset: number
    }
  | {
      readonly typename: 'import'
      readonly template: Expression
      /** The name of the module, or the names to take out of it, with what they are called here. */
      readonly names: string | readonly (readonly [name: string, alias: string])[]
      readonly withContext: boolean
      readonly offset: number
    }
