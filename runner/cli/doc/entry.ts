import type { Example, Module } from '../../../modules/module.ts'
import type { ArgsSchema, Json, ObjectSchema, ValueSchema } from '../../../schema/infer.ts'
import type { Statement } from '../../language/statement.ts'

/** What there is to say of a module or a statement, whatever it is written as. */
export interface Entry {
  readonly kind: 'module' | 'statement'
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly description: string | undefined
  readonly arguments: readonly Argument[]
  /** The argument that takes the text of `module: text`. */
  readonly freeForm: string | undefined
  /** Whether arguments that are not listed are taken as well. */
  readonly takesOthers: boolean
  /** Relations between arguments, as sentences. */
  readonly rules: readonly string[]
  readonly returns: Readonly<Record<string, string>>
  readonly examples: readonly Pick<Example, 'title' | 'task'>[]
}

export interface Argument {
  readonly name: string
  /** For people: `path`, `list of mappings`, `integer from 0 on`. */
  readonly type: string
  readonly required: boolean
  readonly default: Json | undefined
  readonly choices: readonly string[]
  readonly aliases: readonly string[]
  readonly description: string
  readonly since: string | undefined
  /** The keys of a mapping, or of each mapping of a list. */
  readonly arguments: readonly Argument[]
}

export const entryOfModule = (module: Module): Entry => {
  const opaque = module.opaque === true ? [unforeseeable] : []
  const description = [...(module.description === undefined ? [] : [module.description]), ...opaque]
  return {
    ...shared('module', module),
    description: description.length === 0 ? undefined : description.join('\n\n'),
    returns: module.returns ?? {},
    examples: module.examples.map(({ title, task }) => ({ title, task: task.trimEnd() })),
  }
}
const unforeseeable =
  'What it does is not known before the run: a check counts it as unknown, and it is not repeated after a lost connection.'

export const entryOfStatement = (statement: Statement): Entry => ({
  ...shared('statement', statement),
  description: undefined,
  returns: {},
  examples: [],
})

function shared(
  kind: Entry['kind'],
  { name, aliases = [], summary, args }: Pick<Statement, 'name' | 'aliases' | 'summary' | 'args'>,
): Omit<Entry, 'description' | 'returns' | 'examples'> {
  return {
    kind,
    name,
    aliases,
    summary,
    arguments: argumentsOf(args),
    freeForm: args.freeForm,
    takesOthers: args.additionalProperties !== undefined && args.additionalProperties !== false,
    rules: rulesOf(args),
  }
}

function argumentsOf({ properties = {}, required = [] }: ObjectSchema): readonly Argument[] {
  const all = Object.entries(properties).map(([name, schema]) => argumentOf(name, schema, required.includes(name)))
  // Those that have to be given come first.
  return [...all.filter((each) => each.required), ...all.filter((each) => !each.required)]
}

function argumentOf(name: string, schema: ValueSchema, required: boolean): Argument {
  const inner = schema.type === 'array' ? schema.items : schema
  return {
    name,
    type: typeText(schema),
    required,
    default: schema.default,
    choices: 'enum' in inner ? (inner.enum ?? []).map(String) : [],
    aliases: schema.aliases ?? [],
    description: schema.description ?? '',
    since: schema.since,
    arguments: inner.type === 'object' ? argumentsOf(inner) : [],
  }
}

function typeText(schema: ValueSchema): string {
  switch (schema.type) {
    case 'string':
      return schema.format ?? 'string'
    case 'integer':
    case 'number':
      return [
        schema.type,
        ...(schema.minimum === undefined ? [] : [`from ${schema.minimum}${schema.maximum === undefined ? ' on' : ''}`]),
        ...(schema.maximum === undefined ? [] : [`to ${schema.maximum}`]),
      ].join(' ')
    case 'boolean':
      return 'boolean'
    case 'array':
      return schema.items.type === 'any' ? 'list' : `list of ${typeText(schema.items)}s`
    case 'object':
      return 'mapping'
    case 'any':
      return 'any value'
  }
}

function rulesOf({ mutuallyExclusive = [], requiredOneOf = [], requiredTogether = [] }: ArgsSchema): readonly string[] {
  return [
    ...requiredOneOf.map((names) => `At least one of ${listed(names)} must be given.`),
    ...mutuallyExclusive.map((names) => `At most one of ${listed(names)} may be given.`),
    ...requiredTogether.map((names) => `Given together or not at all: ${listed(names)}.`),
  ]
}
const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
