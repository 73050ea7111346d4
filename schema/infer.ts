/** A value that JSON can hold: what YAML gives, what modules take and return. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

interface Described {
  /** For people: one sentence that ends with a full stop. Empty only where the name says it all. */
  readonly description?: string
  /** The version of drover that first took this argument. */
  readonly since?: string
  /** Other names for the same argument, Ansible's among them. */
  readonly aliases?: readonly string[]
  /** True where the value must appear in no output, log or journal. */
  readonly secret?: boolean
}

export interface StringSchema extends Described {
  readonly type: 'string'
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly default?: string
  /**
   * How a written value becomes the string that the module gets: `mode` takes `0644`, `"0644"` and `u=rw,g=r`; `size` takes bytes
   * or `1G`; `path` refuses an empty string and NUL.
   */
  readonly format?: 'mode' | 'path' | 'size'
}
export interface NumberSchema extends Described {
  readonly type: 'integer' | 'number'
  readonly enum?: readonly number[]
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: number
}
export interface BooleanSchema extends Described {
  readonly type: 'boolean'
  readonly default?: boolean
}
/** A list. A comma-separated string and a single value are taken for a list of strings, as in Ansible. */
export interface ArraySchema extends Described {
  readonly type: 'array'
  readonly items: ValueSchema
  readonly minItems?: number
  readonly default?: readonly Json[]
}
/** A mapping with known keys; without `properties`, one with free keys. */
export interface ObjectSchema extends Described {
  readonly type: 'object'
  readonly properties?: { readonly [name: string]: ValueSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | ValueSchema
  readonly default?: JsonObject
}
/** Any value, as it is. */
export interface AnySchema extends Described {
  readonly type: 'any'
  readonly default?: Json
}
export type ValueSchema = StringSchema | NumberSchema | BooleanSchema | ArraySchema | ObjectSchema | AnySchema

/** The arguments of a module: an object schema with the relations that hold between its arguments. */
export interface ArgsSchema extends ObjectSchema {
  readonly properties: { readonly [name: string]: ValueSchema }
  /** Groups of arguments of which at most one may be given. */
  readonly mutuallyExclusive?: readonly (readonly string[])[]
  /** Groups of arguments of which at least one must be given. */
  readonly requiredOneOf?: readonly (readonly string[])[]
  /** Groups of arguments that are given together or not at all. */
  readonly requiredTogether?: readonly (readonly string[])[]
  /** The argument that takes the text of `module: text`, for modules with a free form. */
  readonly freeForm?: string
}

type Flat<T> = { [K in keyof T]: T[K] }
type Required_<S> = S extends { readonly required: readonly (infer R extends string)[] } ? R : never
type Defaulted<P> = { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P]
type Present<S, P> = (Required_<S> | Defaulted<P>) & keyof P

/** The TypeScript type of the values that a schema literal describes, after coercion and defaults. */
export type Infer<S> = S extends { readonly type: 'string' }
  ? S extends { readonly enum: readonly (infer E)[] }
    ? E
    : string
  : S extends { readonly type: 'integer' | 'number' }
    ? S extends { readonly enum: readonly (infer E)[] }
      ? E
      : number
    : S extends { readonly type: 'boolean' }
      ? boolean
      : S extends { readonly type: 'array'; readonly items: infer I }
        ? readonly Infer<I>[]
        : S extends { readonly type: 'object'; readonly properties: infer P }
          ? Flat<
              { readonly [K in Present<S, P>]: Infer<P[K]> } & {
                readonly [K in Exclude<keyof P, Present<S, P>>]?: Infer<P[K]> | undefined
              }
            >
          : S extends { readonly type: 'object' }
            ? JsonObject
            : Json
