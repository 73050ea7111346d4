import { checkArguments } from '../../../schema/arguments.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import { schemaOfOptions, violatedChoice } from '../../language/argument-spec.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Holds the variables that a specification names to what it says of them; values given with it override variables. What has `no_log` is shown nowhere from here on. */
export const validateArgumentSpec: Statement = ({ args, scope, context: play }) => {
  const { argument_spec: spec, provided_arguments: provided, validate_args_context: context } = args
  if (!isMapping(spec)) return Promise.resolve(ended('failed', 'argument_spec must be a mapping of options'))
  const given: Record<string, Json> = {}
  for (const name of Object.keys(spec)) if (scope.has(name)) given[name] = scope.get(name) as Json
  Object.assign(given, isMapping(provided) ? provided : {})
  for (const [name, option] of Object.entries(spec)) {
    const secret = given[name]
    if (isMapping(option) && option['no_log'] === true && typeof secret === 'string') play.run.hide(secret)
  }
  const checked = checkArguments(schemaOfOptions(spec), given)
  const faults = checked.ok
    ? []
    : checked.faults.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`))
  const choices = Object.entries(spec).flatMap(([name, option]) => violatedChoice(name, option, given[name]) ?? [])
  const errors = [...new Set([...faults, ...choices])]
  if (errors.length === 0) return Promise.resolve(ended('ok', null, { msg: 'The arg spec validation passed' }))
  const role = isMapping(context) ? context['name'] : undefined
  const of = typeof role === 'string' ? ` of role "${role}"` : ''
  return Promise.resolve(
    ended('failed', `the variables${of} are not what it takes: ${errors.join('; ')}`, {
      argument_errors: errors,
      ...(context === undefined ? {} : { validate_args_context: context }),
    }),
  )
}

const isMapping = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
