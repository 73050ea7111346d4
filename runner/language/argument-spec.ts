import type { ArgsSchema, Json, JsonObject, ObjectSchema, ValueSchema } from '../../schema/infer.ts'

/** What a role's `argument_specs` says of one option, as Ansible writes it. */
type Spec = JsonObject

/**
 * The options of an entry of `argument_specs` as the arguments of a module, which are checked alike. Options that other words of
 * Ansible's describe (`required_if`) are taken as they come. An option's default is not filled in: the role's `defaults` do that.
 */
export function schemaOfOptions(options: JsonObject): ArgsSchema {
  const properties = Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [name, schemaOf(isSpec(spec) ? spec : {})]),
  )
  return { type: 'object', properties, required: requiredOf(options) }
}

/** The types that an option may have. */
export const optionTypes: ReadonlySet<string> = new Set([
  'str',
  'path',
  'int',
  'float',
  'bool',
  'list',
  'dict',
  'raw',
  'json',
  'jsonarg',
  'bytes',
  'bits',
])

function schemaOf(spec: Spec): ValueSchema {
  const choices = Array.isArray(spec['choices']) ? spec['choices'].map(textOf) : undefined
  const enumerated = choices === undefined ? {} : { enum: choices }
  switch (spec['type'] ?? 'str') {
    case 'str':
      return { type: 'string', ...enumerated }
    case 'path':
      return { type: 'string', format: 'path', ...enumerated }
    case 'int':
      return { type: 'integer' }
    case 'float':
      return { type: 'number' }
    case 'bool':
      return { type: 'boolean' }
    case 'list':
      return {
        type: 'array',
        items:
          spec['elements'] === undefined
            ? { type: 'any' }
            : schemaOf({ ...spec, type: spec['elements'], elements: 'raw', choices: spec['choices'] ?? null }),
      }
    case 'dict':
      return mappingOf(spec)
    default:
      return { type: 'any' }
  }
}

function mappingOf({ options }: Spec): ObjectSchema {
  if (!isSpec(options)) return { type: 'object', additionalProperties: true }
  const { properties } = schemaOfOptions(options)
  return { type: 'object', properties, required: requiredOf(options) }
}

function requiredOf(options: JsonObject): readonly string[] {
  return Object.entries(options).flatMap(([name, spec]) =>
    isSpec(spec) && spec['required'] === true && (spec['default'] ?? null) === null ? [name] : [],
  )
}

/** Choices that are no texts; those are in the schema. Gives what is wrong with a value, undefined where nothing is. */
export function violatedChoice(name: string, spec: Json | undefined, value: Json | undefined): string | undefined {
  if (!isSpec(spec) || !Array.isArray(spec['choices']) || value === undefined) return undefined
  const choices = spec['choices'] as readonly Json[]
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value]
  const wrong = values.find((each) => !choices.some((choice) => textOf(choice) === textOf(each)))
  return wrong === undefined
    ? undefined
    : `"${name}" must be one of ${choices.map(textOf).join(', ')}, not ${JSON.stringify(wrong)}`
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const isSpec = (value: Json | undefined): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
