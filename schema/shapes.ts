import type { JsonSchema } from './json-schema.ts'
import { templateText } from './json-schema.ts'

/** What a keyword's value may look like as written, and how to say so. */
interface ShapeDefinition {
  /** For messages: `must be …`. */
  readonly phrase: string
  readonly schema: JsonSchema
  /** What editors hold it to, where that differs. */
  readonly editor?: JsonSchema
}

const nodes = (name: string): JsonSchema => ({ type: ['array', 'null'], items: { $ref: `#/definitions/${name}` } })
const words: JsonSchema = {
  type: ['string', 'null', 'array', 'number', 'boolean'],
  items: { type: ['string', 'number', 'boolean'] },
}

/**
 * The shapes of keywords. A text stands for any type where it may be a template. Values that mean a list of texts are one text,
 * a comma list, or a list.
 */
const shapes = {
  any: { phrase: 'any value', schema: {} },
  text: { phrase: 'text', schema: { type: ['string', 'number', 'boolean', 'null'] } },
  boolean: { phrase: 'a boolean (true or false)', schema: { type: ['boolean', 'string', 'number', 'null'] } },
  integer: { phrase: 'a whole number', schema: { type: ['integer', 'string', 'null'] } },
  number: { phrase: 'a number', schema: { type: ['number', 'string', 'null'] } },
  texts: { phrase: 'text or a list of texts', schema: words },
  hosts: { phrase: 'a pattern of hosts or a list of them', schema: words },
  serial: { phrase: 'a number, a percentage, or a list of them', schema: words },
  condition: {
    phrase: 'a condition or a list of conditions',
    schema: {
      type: ['string', 'boolean', 'null', 'array', 'number'],
      items: { type: ['string', 'boolean', 'number'] },
    },
  },
  mapping: { phrase: 'a mapping of names to values', schema: { type: ['object', 'null'] } },
  mappings: {
    phrase: 'a mapping of names to values, or a list of mappings',
    schema: { type: ['object', 'array', 'string', 'null'], items: { type: ['object', 'string'] } },
  },
  defaults: {
    phrase: 'a mapping of modules to arguments, or a list of such mappings',
    schema: { type: ['object', 'array', 'null'], items: { type: 'object' } },
  },
  files: {
    phrase: 'the name of a file, or a list of them',
    schema: { type: ['string', 'array', 'null'], items: { type: ['string', 'array'] } },
  },
  list: { phrase: 'a list', schema: { type: ['array', 'string', 'null'] } },
  action: { phrase: 'a module with its arguments', schema: { type: ['string', 'object'] } },
  loopControl: {
    phrase: 'a mapping of loop_var, index_var, label, pause',
    schema: { type: ['object', 'null'] },
    editor: { $ref: '#/definitions/loop_control' },
  },
  tasks: { phrase: 'a list of tasks', schema: { type: ['array', 'null'] }, editor: nodes('task') },
  handlers: { phrase: 'a list of handlers', schema: { type: ['array', 'null'] }, editor: nodes('handler') },
} as const satisfies { readonly [name: string]: ShapeDefinition }

export type Shape = keyof typeof shapes

/** How a shape is said, and its schema. */
export function shape(name: Shape): ShapeDefinition {
  return shapes[name]
}

/** A keyword of the language: what its value looks like, and what it does. */
export interface Keyword {
  readonly shape: Shape
  readonly description: string
  /**
   * `accepted`: read and of no effect here, harmless. `later`: known, but not acted on yet, and so refused. Unset: acted on.
   */
  readonly support?: 'accepted' | 'later'
}
export interface Keywords {
  readonly [name: string]: Keyword
}

/** The JSON Schema of a keyword's value for editors. */
export function editorShape(keyword: Keyword): JsonSchema {
  const { schema, editor } = shape(keyword.shape)
  const { description } = keyword
  if (editor !== undefined) return { description, ...editor }
  const strict = editorTypes[keyword.shape]
  return strict === undefined ? { description, ...schema } : { description, anyOf: [strict, templateText] }
}

const editorTypes: { readonly [name in Shape]?: JsonSchema } = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  mapping: { type: 'object' },
  list: { type: 'array' },
}
