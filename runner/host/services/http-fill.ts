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

function valueAt(body: string, at: ValueOf['at']): string | null {
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
