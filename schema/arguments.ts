import type { ArgumentFault, Coercion } from './coerce.ts'
import { canonicalName, coerceProperties, fault, pathName, writtenPath } from './coerce.ts'
import type { ArgsSchema, JsonObject } from './infer.ts'
import type { JsonSchema } from './json-schema.ts'
import { toJsonSchema } from './json-schema.ts'
import { validate } from './validate.ts'

export type { ArgumentFault } from './coerce.ts'
export type CheckedArguments =
  { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly faults: readonly ArgumentFault[] }

export interface CheckOptions {
  /**
   * Tells texts whose value is not known yet, for the check before any host is touched: they are accepted for any type, and what was
   * given at all is still checked.
   */
  readonly templated?: (value: string) => boolean
}

/**
 * Arguments as a module gets them: own names for aliases, values coerced as Ansible does, defaults filled in. All faults are found
 * at once. `null` counts as not given.
 */
export function checkArguments(schema: ArgsSchema, value: JsonObject, options: CheckOptions = {}): CheckedArguments {
  const coercion: Coercion = {
    templated: options.templated ?? (() => false),
    faults: [],
    meant: new Set(),
    unknown: new Set(),
    written: new Map(),
  }
  const result = coerceProperties(schema, value, [], coercion)
  for (const found of validate(jsonSchemaOf(schema), result)) {
    if (found.path.length > 0 && !coversUnknown(found.path, coercion))
      fault(coercion, found.path, found.message, found.hint)
  }
  relations(schema, givenNames(schema, value), coercion)
  return coercion.faults.length === 0 ? { ok: true, value: result } : { ok: false, faults: coercion.faults }
}

const translated = new WeakMap<ArgsSchema, JsonSchema>()
function jsonSchemaOf(schema: ArgsSchema): JsonSchema {
  const known = translated.get(schema)
  if (known !== undefined) return known
  const made = toJsonSchema(schema)
  translated.set(schema, made)
  return made
}

/** Whether the path leads to, or into, a value that is not known yet or is already complained about. */
function coversUnknown(path: readonly (string | number)[], { unknown }: Coercion): boolean {
  return path.some((_, index) => unknown.has(JSON.stringify(path.slice(0, index + 1))))
}

/** The arguments that the user gave, by their own names. A default is not given. */
function givenNames({ properties }: ArgsSchema, value: JsonObject): ReadonlySet<string> {
  const written = Object.keys(value).filter((name) => value[name] !== null)
  return new Set(written.map((name) => canonicalName(properties, name) ?? name))
}

/** What holds between arguments: which must be there, which may not be together. */
function relations(schema: ArgsSchema, names: ReadonlySet<string>, coercion: Coercion): void {
  const given = (name: string) => names.has(name)
  const add = (message: string, missing: readonly string[]) => coercion.faults.push({ path: [], message, missing })
  for (const name of schema.required ?? []) {
    if (given(name) || coercion.meant.has(name) || schema.properties[name]?.default !== undefined) continue
    const description = schema.properties[name]?.description
    const fault = { path: [], message: `missing argument ${JSON.stringify(name)}`, missing: [name] }
    coercion.faults.push(
      description === undefined || description === '' ? fault : { ...fault, hint: `${name}: ${description}` },
    )
  }
  for (const group of schema.mutuallyExclusive ?? []) {
    const both = group.filter(given)
    const last = both.at(-1)
    if (both.length < 2 || last === undefined) continue
    const path = writtenPath([last], coercion)
    coercion.faults.push({
      path,
      message: `${list(both, 'and')} exclude each other`,
      hint: `leave out all but one`,
      key: true,
    })
  }
  for (const group of schema.requiredOneOf ?? []) {
    if (!group.some((name) => given(name) || coercion.meant.has(name)))
      add(`missing argument: one of ${list(group, 'or')} is needed`, group)
  }
  for (const group of schema.requiredTogether ?? []) {
    const missing = group.filter((name) => !given(name))
    const there = group.filter(given)
    if (there.length > 0 && missing.length > 0)
      add(`${list(there, 'and')} ${there.length > 1 ? 'need' : 'needs'} ${list(missing, 'and')} as well`, missing)
  }
}

const list = (names: readonly string[], word: 'and' | 'or') => {
  const quoted = names.map((name) => pathName([name]))
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1) ?? ''}`
}
