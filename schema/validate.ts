import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Json } from './infer.ts'
import type { JsonSchema } from './json-schema.ts'
import { nearest } from './nearest.ts'

/** One thing that a value has against its schema. `path` leads to the part concerned. */
export interface ValidationFault {
  readonly path: readonly (string | number)[]
  /** Without the name of what is wrong: `must be one of "present", "absent"`. */
  readonly message: string
  readonly hint?: string
}

// Schemas are the code's own: checking them against JSON Schema's own schema takes longer than all else that ajv does at the start.
const ajv = new Ajv({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  verbose: true,
  meta: false,
  validateSchema: false,
})
const compiled = new WeakMap<JsonSchema, ValidateFunction>()

/** All that a value has against a JSON Schema, none where it is valid. A schema is compiled when it is first used, once. */
export function validate(schema: JsonSchema, value: unknown): readonly ValidationFault[] {
  const check = compiled.get(schema) ?? compile(schema)
  return check(value) ? [] : (check.errors ?? []).map(fault)
}

/** Whether a value is valid, for who needs no reasons. */
export function isValid(schema: JsonSchema, value: unknown): boolean {
  return (compiled.get(schema) ?? compile(schema))(value)
}

function compile(schema: JsonSchema): ValidateFunction {
  const check = ajv.compile(schema)
  compiled.set(schema, check)
  return check
}

function fault(error: ErrorObject): ValidationFault {
  const path = error.instancePath.split('/').slice(1).map(segment)
  const params = error.params as { readonly [name: string]: unknown }
  switch (error.keyword) {
    case 'enum': {
      const allowed = params['allowedValues'] as readonly Json[]
      const words = allowed.filter((value) => typeof value === 'string')
      const near = typeof error.data === 'string' ? nearest(error.data, words) : undefined
      const message = `must be one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`
      return near === undefined ? { path, message } : { path, message, hint: `did you mean "${near}"?` }
    }
    case 'required':
      return { path, message: `lacks "${String(params['missingProperty'])}"` }
    case 'additionalProperties':
      return { path: [...path, String(params['additionalProperty'])], message: 'is unknown' }
    case 'pattern':
      return { path, message: `must match ${String(params['pattern'])}` }
    case 'minLength':
      return {
        path,
        message:
          params['limit'] === 1 ? 'must not be empty' : `must have at least ${String(params['limit'])} characters`,
      }
    case 'minItems':
      return {
        path,
        message:
          params['limit'] === 1 ? 'must not be an empty list' : `must have at least ${String(params['limit'])} entries`,
      }
    case 'minimum':
      return { path, message: `must be at least ${String(params['limit'])}` }
    case 'maximum':
      return { path, message: `must be at most ${String(params['limit'])}` }
    default:
      return { path, message: error.message ?? 'is not valid' }
  }
}

function segment(text: string): string | number {
  const name = text.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^\d+$/.test(name) ? Number(name) : name
}

/** What kind of value this is, for messages: `a list`. */
export function kindOf(value: Json): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'a number'
    case 'boolean':
      return `the boolean ${String(value)}`
    default:
      return 'a mapping'
  }
}
