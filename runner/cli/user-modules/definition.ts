import type { ArgsSchema, ObjectSchema, ValueSchema } from '../../../schema/infer.ts'
import { type JsonSchema, toJsonSchema } from '../../../schema/json-schema.ts'
import { nearest } from '../../../schema/nearest.ts'
import { validate } from '../../../schema/validate.ts'

/** All that is wrong with what a file exports by default, if it is to be a module; empty where it is one. Sentences for people. */
export function definitionFaults(exported: unknown): readonly string[] {
  if (typeof exported !== 'object' || exported === null)
    return ['it has no default export that is a module: write `export default defineModule({ … })`']
  const { observe, plan, result, ...data } = exported as Readonly<Record<string, unknown>>
  const faults = [
    ...(typeof observe === 'function' ? [] : ['"observe" must be a function: (host, args) => what the plan needs']),
    ...(typeof plan === 'function' ? [] : ['"plan" must be a function: (args, state) => propose([…])']),
    ...(result === undefined || typeof result === 'function' ? [] : ['"result" must be a function']),
    ...shapeFaults(definition, data, ''),
  ]
  if (faults.length > 0) return faults
  const args = data['args'] as ArgsSchema
  const inArgs = schemaFaults(args, 'args')
  return inArgs.length > 0 ? inArgs : relationFaults(args)
}

/** What a schema of arguments has against the language of schemas, at any depth. */
function schemaFaults(schema: unknown, at: string): readonly string[] {
  const type = (schema as { readonly type?: unknown } | null)?.type
  const shape = typeof type === 'string' ? shapes.get(type) : undefined
  if (shape === undefined) {
    const types = [...shapes.keys()].map((name) => `"${name}"`).join(', ')
    const near = typeof type === 'string' ? nearest(type, shapes.keys()) : undefined
    return [`"${at}.type" must be one of ${types}${near === undefined ? '' : `; did you mean "${near}"?`}`]
  }
  const own = shapeFaults(at === 'args' ? argsShape : shape, schema, at)
  if (own.length > 0) return own
  const valid = schema as ValueSchema
  const inner = [
    ...(valid.type === 'array' ? schemaFaults(valid.items, `${at}.items`) : []),
    ...(valid.type === 'object'
      ? Object.entries(valid.properties ?? {}).flatMap(([name, each]) => schemaFaults(each, `${at}.properties.${name}`))
      : []),
    ...(valid.type === 'object' && typeof valid.additionalProperties === 'object'
      ? schemaFaults(valid.additionalProperties, `${at}.additionalProperties`)
      : []),
  ]
  const missing = valid.type === 'object' ? unknownNames(valid.required ?? [], valid, `${at}.required`, at) : []
  const below = [...missing, ...inner]
  return below.length > 0 ? below : valueFaults(valid, at)
}

/** Whether the schema can be compiled, and its own default is valid. */
function valueFaults(schema: ValueSchema, at: string): readonly string[] {
  try {
    const compiled = toJsonSchema(schema)
    // Compiles it in any case: what is wrong with it comes to light now, and not in a task.
    const faults = validate(compiled, schema.default ?? null)
    if (schema.default === undefined || faults.length === 0) return []
    return [`"${at}.default": ${faults.map(({ message }) => message).join(', ')}`]
  } catch (error) {
    return [`"${at}": ${error instanceof Error ? error.message : String(error)}`]
  }
}

function relationFaults(args: ArgsSchema): readonly string[] {
  const { properties, mutuallyExclusive = [], requiredOneOf = [], requiredTogether = [], freeForm } = args
  const groups = {
    mutuallyExclusive,
    requiredOneOf,
    requiredTogether,
    freeForm: freeForm === undefined ? [] : [freeForm],
  }
  const unknown = Object.entries(groups).flatMap(([key, names]) =>
    unknownNames(names.flat(), args, `args.${key}`, 'args'),
  )
  if (unknown.length > 0) return unknown
  const names = Object.entries(properties).flatMap(([name, { aliases = [] }]) => [name, ...aliases])
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `"args.properties": two arguments are called "${name}"`,
  )
}

const unknownNames = (names: readonly string[], { properties = {} }: ObjectSchema, at: string, of: string) =>
  names
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => `"${at}" names "${name}", which is not in "${of}.properties"`)

function shapeFaults(shape: Shape, value: unknown, at: string): readonly string[] {
  return validate(shape, value).map(({ path, message, hint }) => {
    const name = [...(at === '' ? [] : [at]), ...path].join('.')
    const near = message === 'is unknown' ? nearest(String(path.at(-1)), Object.keys(shape.properties)) : undefined
    const help = near === undefined ? hint : `did you mean "${near}"?`
    return `${name === '' ? 'it' : `"${name}"`} ${message}${help === undefined ? '' : `; ${help}`}`
  })
}

interface Shape extends JsonSchema {
  readonly properties: { readonly [name: string]: JsonSchema }
}
const text = { type: 'string' }
const texts = { type: 'array', items: text }
const flag = { type: 'boolean' }
const number = { type: 'number' }
const mapping = { type: 'object' }
const object = (properties: Shape['properties'], required: readonly string[]): Shape => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const example = object({ title: text, task: text, given: text, needs: text }, ['title', 'task'])
const definition = object(
  {
    name: { type: 'string', pattern: String.raw`^[a-z_]\w*$` },
    aliases: { type: 'array', items: { type: 'string', pattern: String.raw`^[a-z_]\w*$` } },
    summary: { type: 'string', minLength: 1 },
    description: text,
    args: mapping,
    returns: { type: 'object', additionalProperties: text },
    examples: { type: 'array', items: example },
    secretReturns: texts,
    opaque: flag,
  },
  ['name', 'summary', 'args', 'examples'],
)

const described = { type: text, description: text, since: text, aliases: texts, secret: flag, default: {} }
const bounds = { enum: { type: 'array', items: number }, minimum: number, maximum: number }
const whole = { type: 'integer', minimum: 0 }
const members = { properties: mapping, required: texts, additionalProperties: { type: ['boolean', 'object'] } }
const groups = { type: 'array', items: texts }
const relations = { mutuallyExclusive: groups, requiredOneOf: groups, requiredTogether: groups, freeForm: text }
const shapes: ReadonlyMap<string, Shape> = new Map([
  [
    'string',
    object(
      { ...described, enum: texts, pattern: text, minLength: whole, format: { enum: ['mode', 'path', 'size'] } },
      [],
    ),
  ],
  ['integer', object({ ...described, ...bounds }, [])],
  ['number', object({ ...described, ...bounds }, [])],
  ['boolean', object(described, [])],
  ['array', object({ ...described, items: mapping, minItems: whole }, ['items'])],
  ['object', object({ ...described, ...members }, [])],
  ['any', object(described, [])],
])
const argsShape = object({ ...described, ...members, ...relations, type: { enum: ['object'] } }, ['properties'])
