import { format } from './formats.ts'
import type { ArraySchema, Json, JsonObject, ObjectSchema, StringSchema, ValueSchema } from './infer.ts'
import { nearest } from './nearest.ts'
import { kindOf } from './validate.ts'

/** Something wrong with an argument. `path` leads to it through the arguments as written; [] is the arguments as a whole. */
export interface ArgumentFault {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
  /** The arguments, by their own names, of which at least one should be there. */
  readonly missing?: readonly string[]
  /** True where the name at the end of the path is what is wrong, not its value. */
  readonly key?: boolean
}
export type Path = readonly (string | number)[]

/** What coercion needs and gathers on its way through a value. */
export interface Coercion {
  /** A text whose value is not known yet: accepted for any type. */
  readonly templated: (value: string) => boolean
  readonly faults: ArgumentFault[]
  /** Names that an unknown argument was most likely meant to be: not complained about as missing. */
  readonly meant: Set<string>
  /** Paths (as JSON) that hold templates, and so cannot be validated yet. */
  readonly unknown: Set<string>
  /** The path as written, for each canonical path (as JSON) that differs from it. */
  readonly written: Map<string, Path>
}

/** The value as its type wants it, as Ansible takes it: `"yes"` for true, `"8"` for 8, `"a,b"` for a list. Faults go to `coercion`. */
function coerce(schema: ValueSchema, value: Json, path: Path, coercion: Coercion): Json {
  if (typeof value === 'string' && coercion.templated(value)) {
    coercion.unknown.add(JSON.stringify(path))
    return value
  }
  switch (schema.type) {
    case 'any':
      return value
    case 'string':
      return coerceString(schema, value, path, coercion)
    case 'boolean':
      return toBoolean(value) ?? wrong('a boolean (true or false)', value, path, coercion)
    case 'integer':
      return toInteger(value) ?? wrong('a whole number', value, path, coercion)
    case 'number':
      return toNumber(value) ?? wrong('a number', value, path, coercion)
    case 'array':
      return coerceList(schema, value, path, coercion)
    case 'object':
      return coerceObject(schema, value, path, coercion)
  }
}

function wrong(wanted: string, value: Json, path: Path, coercion: Coercion): Json {
  const shown = typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : kindOf(value)
  fault(coercion, path, `must be ${wanted}, not ${shown}`)
  return value
}

/** Adds a fault; nothing more is said about that path. */
export function fault(coercion: Coercion, path: Path, message: string, hint?: string): void {
  coercion.unknown.add(JSON.stringify(path))
  const written = writtenPath(path, coercion)
  const text = `${pathName(written)} ${message}`
  coercion.faults.push(hint === undefined ? { path: written, message: text } : { path: written, message: text, hint })
}

/** A canonical path as the user wrote it, aliases and all. */
export function writtenPath(path: Path, { written }: Coercion): Path {
  return path.map((step, index) => written.get(JSON.stringify(path.slice(0, index + 1)))?.at(-1) ?? step)
}

/** `"name"`, `"users[0].uid"`. */
export function pathName(path: Path): string {
  return JSON.stringify(
    path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join(''),
  )
}

const words = new Map([
  ...['yes', 'on', '1', 'true', 't', 'y'].map((word) => [word, true] as const),
  ...['no', 'off', '0', 'false', 'f', 'n'].map((word) => [word, false] as const),
])
/** A boolean from the words and numbers that Ansible takes for one; undefined for anything else. */
export function toBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value
  return typeof value === 'string' || typeof value === 'number'
    ? words.get(String(value).trim().toLowerCase())
    : undefined
}
function toInteger(value: Json): number | undefined {
  const number = toNumber(value)
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined
}
function toNumber(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(value)
    ? Number(value)
    : undefined
}

function coerceString(schema: StringSchema, value: Json, path: Path, coercion: Coercion): Json {
  if (schema.format !== undefined) {
    const formatted = format(schema.format, value)
    if (formatted !== undefined && 'text' in formatted) return formatted.text
    if (formatted !== undefined) {
      fault(coercion, path, formatted.message, formatted.hint)
      return value
    }
  }
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return String(value)
    case 'boolean':
      // YAML reads an unquoted `yes` as true; where the word itself is a choice, it was meant.
      return schema.enum?.find((choice) => toBoolean(choice) === value) ?? (value ? 'True' : 'False')
    default:
      return wrong('text', value, path, coercion)
  }
}

function coerceList(schema: ArraySchema, value: Json, path: Path, coercion: Coercion): Json {
  const list = Array.isArray(value) ? (value as readonly Json[]) : toList(schema, value)
  if (list === undefined) return wrong('a list', value, path, coercion)
  return list.map((item, index) => coerce(schema.items, item, Array.isArray(value) ? [...path, index] : path, coercion))
}
function toList({ items }: ArraySchema, value: Json): readonly Json[] | undefined {
  if (typeof value === 'string') {
    if (items.type === 'object' || items.type === 'array') return undefined
    return value === '' ? [] : value.split(',').map((item) => item.trim())
  }
  if (typeof value === 'object') return items.type === 'object' || items.type === 'any' ? [value] : undefined
  return items.type === 'object' || items.type === 'array' ? undefined : [value]
}

function coerceObject(schema: ObjectSchema, value: Json, path: Path, coercion: Coercion): Json {
  const object = toObject(value)
  return object === undefined
    ? wrong('a mapping', value, path, coercion)
    : coerceProperties(schema, object, path, coercion)
}
function toObject(value: Json): JsonObject | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  if (typeof value !== 'string') return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as JsonObject) : undefined
  } catch {
    const pairs = value.split(/[\s,]+/).map((pair) => /^([^=]+)=(.*)$/.exec(pair))
    return pairs.every((pair) => pair !== null)
      ? Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']))
      : undefined
  }
}

/** The properties of a mapping under their own names, coerced, with defaults. `null` counts as not given. */
export function coerceProperties(schema: ObjectSchema, value: JsonObject, path: Path, coercion: Coercion): JsonObject {
  const properties = schema.properties ?? {}
  const result: Record<string, Json> = {}
  for (const [written, item] of Object.entries(value)) {
    const name = canonicalName(properties, written)
    const at = [...path, name ?? written]
    const inner = name === undefined ? additionalSchema(schema) : properties[name]
    if (name !== undefined && name !== written) coercion.written.set(JSON.stringify(at), [...path, written])
    if (inner === undefined) unknownName(written, properties, path, coercion)
    else if (name !== undefined && Object.hasOwn(result, name)) twice(name, written, path, coercion)
    else if (item !== null) define(result, name ?? written, coerce(inner, item, at, coercion))
    else if (name === undefined || inner.type === 'any') define(result, name ?? written, null)
  }
  for (const [name, property] of Object.entries(properties)) {
    if (property.default !== undefined && !Object.hasOwn(result, name)) result[name] = property.default
  }
  return result
}

/** Assigns also `__proto__`, which a user may write, as a plain property. */
function define(target: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

/** An argument's own name, by that or an alias; undefined where there is none. */
export function canonicalName(
  properties: { readonly [name: string]: ValueSchema },
  written: string,
): string | undefined {
  if (Object.hasOwn(properties, written)) return written
  return Object.keys(properties).find((name) => properties[name]?.aliases?.includes(written))
}

function additionalSchema(schema: ObjectSchema): ValueSchema | undefined {
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties
  return (schema.additionalProperties ?? schema.properties === undefined) ? { type: 'any' } : undefined
}

function unknownName(
  written: string,
  properties: { readonly [name: string]: ValueSchema },
  path: Path,
  coercion: Coercion,
): void {
  const names = Object.entries(properties).flatMap(([name, property]) => [name, ...(property.aliases ?? [])])
  const near = nearest(written, names)
  const at = [...writtenPath(path, coercion), written]
  if (near !== undefined && path.length === 0) coercion.meant.add(canonicalName(properties, near) ?? near)
  const hint =
    near === undefined ? `it takes ${Object.keys(properties).join(', ') || 'none'}` : `did you mean "${near}"?`
  coercion.faults.push({ path: at, message: `unknown argument ${pathName(at)}`, hint, key: true })
}

function twice(name: string, written: string, path: Path, coercion: Coercion): void {
  const at = [...writtenPath(path, coercion), written]
  const other = written === name ? coercion.written.get(JSON.stringify([...path, name]))?.at(-1) : name
  coercion.faults.push({
    path: at,
    message: `${pathName(at)} is another name for "${other ?? name}", which is given as well`,
    key: true,
  })
}
