/** nunjucks' kinds of token, those that Jinja2's syntax has. */
export const kinds = {
  string: 'string',
  data: 'data',
  blockStart: 'block-start',
  blockEnd: 'block-end',
  variableStart: 'variable-start',
  variableEnd: 'variable-end',
  symbol: 'symbol',
  integer: 'int',
  float: 'float',
  operator: 'operator',
  comma: 'comma',
  colon: 'colon',
  tilde: 'tilde',
  pipe: 'pipe',
  '(': 'left-paren',
  ')': 'right-paren',
  '[': 'left-bracket',
  ']': 'right-bracket',
  '{': 'left-curly',
  '}': 'right-curly',
} as const

export type Kind = (typeof kinds)[keyof typeof kinds]

/** A token as nunjucks' parser takes it. A template has one line here: `colno` is the offset in its text. */
export interface Token {
  readonly type: Kind
  readonly value: string
  readonly lineno: 0
  readonly colno: number
}

export function token(type: Kind, value: string, offset: number): Token {
  return { type, value, lineno: 0, colno: offset }
}
