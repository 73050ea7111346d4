import { Scalar, parse } from 'yaml'
import type { JsonObject, ValueSchema } from '../../../schema/infer.ts'
import { checkArguments } from '../../../schema/arguments.ts'
import type { Module } from '../../../modules/module.ts'
import { modules } from '../../../modules/index.ts'

/** What exists once a text was taken for a program. */
export const TRACE = '/tmp/laws-trace'

const run = `touch ${TRACE}`
/** Texts that a shell, a template, a format or a parser might take for its own. */
export const TEXTS = {
  'one line': `x'"$(${run})\`${run}\`;${run}|${run}&%s%n{{ 7 * 7 }}{% if %}é€\\`,
  'two lines': `x\n${run}\n'\n${run}\n#`,
  'with a NUL': `x\0${run}`,
} as const

/** More than the words of a program may hold together, and a path; one argument of each module has to do with it. */
const LONG = 'x'.repeat(2 ** 20)

/** What runs programs on purpose, waits, reboots, or asks services that the lab's hosts do not have. */
const APART = new Set(['reboot', 'wait_for', 'wait_for_connection', 'tempfile'])

/** Files of the controller, whose names are looked for before the run. */
const LOCAL = new Set(['template.src'])

/**
 * For every argument that takes a text, the module's first example with a hostile one there, after what the example needs. The text is of no
 * template: `!unsafe`.
 */
export const hostile = modules
  .filter(({ name, opaque }) => opaque !== true && !APART.has(name))
  .flatMap(({ name, args, examples }) => {
    const example = examples.find(({ needs }) => needs === undefined)
    if (example === undefined) return []
    const task = Object.values(parse(example.task) as Record<string, unknown>)[0]
    const given = example.given === undefined ? [] : [parse(example.given) as object | readonly object[]].flat()
    return [
      ...given.map((one, index): HostileTask => ({ ...one, name: `${name}: given ${index}` })),
      ...hostileTasks({ name, args }, typeof task === 'object' && task !== null ? (task as JsonObject) : {}),
    ]
  })

/**
 * Tasks of a module, one for each argument that takes a text and each hostile text, with `own` for its other arguments. Of an argument that
 * holds others, those are tried that are in what `own` has of it: in the first of a list. `isTried` leaves arguments out.
 */
export function hostileTasks(
  { name, args }: Pick<Module, 'name' | 'args'>,
  own: JsonObject,
  isTried = (argument: string): boolean => !LOCAL.has(`${name}.${argument}`),
): readonly HostileTask[] {
  const places = textsIn(args, own).filter(([argument = '']) => isTried(String(argument)))
  const passes = (place: Place, text: string): boolean => checkArguments(args, put(own, place, text) as JsonObject).ok
  const first = places.find((place) => passes(place, LONG))
  return places.flatMap((place) =>
    // What is refused before any host is touched is right already.
    Object.entries(place === first ? { ...TEXTS, 'a megabyte': LONG } : TEXTS)
      .filter(([, text]) => passes(place, text))
      .map(([kind, text]) => ({ name: `${name}.${place.join('.')}: ${kind}`, [name]: put(own, place, unsafe(text)) })),
  )
}
interface HostileTask {
  readonly name: string
  readonly [module: string]: unknown
}

/** A text that is no template, for a playbook. */
export function unsafe(text: string): Scalar {
  const value = new Scalar(text)
  value.tag = '!unsafe'
  value.type = 'QUOTE_DOUBLE'
  return value
}

/** The names and numbers that lead to a value. */
type Place = readonly (string | number)[]

/** Where texts go: every argument, and what is in those that `own` has. */
function textsIn(schema: ValueSchema, own: unknown): readonly Place[] {
  switch (schema.type) {
    case 'string':
      return schema.enum === undefined ? [[]] : []
    case 'array':
      return Array.isArray(own) && own.length > 0 ? textsIn(schema.items, own[0]).map((place) => [0, ...place]) : []
    case 'object': {
      if (typeof own !== 'object' || own === null) return []
      const values = new Map(Object.entries(own))
      return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
        textsIn(inner, values.get(name)).map((place) => [name, ...place]),
      )
    }
    case 'any':
    case 'boolean':
    case 'integer':
    case 'number':
      return []
  }
}

/** A copy of a value with another one at a place in it. */
function put(value: unknown, [key, ...rest]: Place, text: unknown): unknown {
  if (key === undefined) return text
  if (Array.isArray(value)) return value.map((one: unknown, index) => (index === key ? put(one, rest, text) : one))
  const values = new Map(Object.entries(value ?? {}))
  return Object.fromEntries(values.set(String(key), put(values.get(String(key)), rest, text)))
}
