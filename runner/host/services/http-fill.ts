import type { HttpRequest, ValueOf } from '../../../modules/question.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'

/** The request with what earlier answers hold put into its path and body; null where one lacks it. */
export function filled(request: HttpRequest, bodies: readonly string[]): HttpRequest | null {
  if (request.fill === undefined) return request
  const values = new Map<string, string>()
  for (const [placeHolder, { answerTo, at }] of Object.entries(request.fill)) {
    const value = valueAt(bodies[answerTo] ?? '', at)
    if (value === null) return null
    values.set(placeHolder, value)
  }
  const inText = (text: string): string =>
    [...values].reduce((whole, [placeHolder, value]) => whole.replaceAll(placeHolder, () => value), text)
  const inValue = (value: Json): Json => {
    if (typeof value === 'string') return inText(value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? value.map(inValue) : inObject(value as JsonObject)
  }
  const inObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, inValue(value)]))
  const { path, body } = request
  return { ...request, path: inText(path), ...(body === undefined ? {} : { body: inObject(body) }) }
}

/** The text that names lead to in a body; null where it is lacking. */
export function valueAt(body: string, at: ValueOf['at']): string | null {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  for (const name of at) {
    if (typeof value !== 'object' || value === null) return null
    if (name === '*') {
      if (!Array.isArray(value) || value.length !== 1) return null
      value = value[0]
    } else value = (value as { readonly [key: string]: unknown })[name]
  }
  return typeof value === 'string' ? value : null
}

/** A body without the text that names lead to. What is no JSON is left out as a whole. */
export function without(body: string, at: NonNullable<HttpRequest['hide']>): string {
  try {
    return JSON.stringify(lacking(JSON.parse(body) as Json, at))
  } catch {
    return ''
  }
}

function lacking(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { [name]: inner, ...others } = value as JsonObject
  return inner === undefined || rest.length === 0 ? others : { ...others, [name]: lacking(inner, rest) }
}
