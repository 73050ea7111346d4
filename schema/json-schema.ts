import type { ArraySchema, ObjectSchema, StringSchema, ValueSchema } from './infer.ts'

/** A JSON Schema (draft-07), as ajv and editors take it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** What editors accept for any leaf beside its own type: a text with a template in it. */
export const templateText: JsonSchema = { $ref: '#/definitions/template' }

/**
 * The JSON Schema of values as modules get them, after coercion. Relations between arguments are not in it: `checkArguments` holds
 * them. Our own keywords (`aliases`, `secret`, `format`) have no place in JSON Schema and are left out.
 */
export function toJsonSchema(schema: ValueSchema): JsonSchema {
  switch (schema.type) {
    case 'any':
      return {}
    case 'boolean':
      return { type: 'boolean' }
    case 'integer':
    case 'number':
      return defined({ type: schema.type, enum: schema.enum, minimum: schema.minimum, maximum: schema.maximum })
    case 'string':
      return defined({ type: 'string', enum: schema.enum, pattern: schema.pattern, minLength: schema.minLength })
    case 'array':
      return defined({ type: 'array', items: toJsonSchema(schema.items), minItems: schema.minItems })
    case 'object':
      return objectSchema(schema, toJsonSchema)
  }
}

/**
 * The JSON Schema of values as people write them, for editors: each leaf also takes a template, lists also one entry or a comma
 * list, and what coercion takes is not underlined. Aliases are properties of their own.
 */
export function toEditorSchema(schema: ValueSchema): JsonSchema {
  const described = defined({ description: schema.description, default: schema.default })
  switch (schema.type) {
    case 'any':
      return described
    case 'boolean':
      return { ...described, anyOf: [{ type: 'boolean' }, templateText] }
    case 'integer':
    case 'number':
      return { ...described, anyOf: [toJsonSchema(schema), templateText] }
    case 'string':
      return { ...described, anyOf: [...writtenString(schema), templateText] }
    case 'array':
      return { ...described, anyOf: [...writtenList(schema), templateText] }
    case 'object':
      return { ...described, anyOf: [objectSchema(schema, toEditorSchema), templateText] }
  }
}

function writtenString(schema: StringSchema): readonly JsonSchema[] {
  if (schema.enum !== undefined) return [{ enum: schema.enum }]
  const { type, pattern, minLength } = schema
  return [defined({ type, pattern, minLength }), ...(pattern === undefined ? [{ type: ['number', 'boolean'] }] : [])]
}

function writtenList(schema: ArraySchema): readonly JsonSchema[] {
  const items = toEditorSchema(schema.items)
  const list = defined({ type: 'array', items, minItems: schema.minItems })
  return schema.items.type === 'string' ? [list, { type: ['string', 'number'] }] : [list, items]
}

function objectSchema(schema: ObjectSchema, translate: (schema: ValueSchema) => JsonSchema): JsonSchema {
  const editor = translate === toEditorSchema
  const properties: Record<string, JsonSchema> = {}
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    properties[name] = translate(property)
    for (const alias of editor ? (property.aliases ?? []) : []) properties[alias] = properties[name]
  }
  const aliased = (name: string) => (schema.properties?.[name]?.aliases ?? []).length > 0
  const required = editor ? schema.required?.filter((name) => !aliased(name)) : schema.required
  return defined({
    type: 'object',
    properties,
    required: required?.length ? required : undefined,
    additionalProperties: additional(schema, translate),
  })
}

function additional(schema: ObjectSchema, translate: (schema: ValueSchema) => JsonSchema): boolean | JsonSchema {
  if (typeof schema.additionalProperties === 'object') return translate(schema.additionalProperties)
  return schema.additionalProperties ?? schema.properties === undefined
}

/** Without the keywords that are undefined. */
function defined(schema: { readonly [keyword: string]: unknown }): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}
