import { XMLParser } from 'fast-xml-parser'
import type { HttpAnswer, HttpResponse } from '../question.ts'
import type { S3 } from './s3-args.ts'

/** An element of what S3 answers: text, others by name, or a list where it may be there more than once. */
export type Element = string | undefined | { readonly [name: string]: Element } | readonly Element[]

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => ['Bucket', 'Contents'].includes(name),
})

/** An element of an answer, by the names on the way to it. */
export function elementIn(body: string, ...names: readonly string[]): Element {
  let found: Element
  try {
    found = parser.parse(body) as Element
  } catch {
    return undefined
  }
  for (const name of names) {
    if (typeof found !== 'object' || Array.isArray(found)) return undefined
    found = (found as { readonly [name: string]: Element })[name]
  }
  return found
}

/** The text of an element's children by their names. */
export function textsIn(element: Element): { readonly [name: string]: string } {
  if (typeof element !== 'object' || Array.isArray(element)) return {}
  return Object.fromEntries(
    Object.entries(element).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

export const listIn = (element: Element): readonly Element[] =>
  Array.isArray(element) ? (element as readonly Element[]) : []

/** A good answer, or why there is none, for people, and S3's own code for it. */
export type S3Answer =
  | { readonly kind: 'good'; readonly response: HttpResponse }
  | { readonly kind: 'bad'; readonly code: string; readonly message: string }

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3Answer(answer: HttpAnswer, { origin, key }: S3, doing: string): S3Answer {
  if (answer.kind !== 'answered')
    return { kind: 'bad', code: '', message: `cannot ${doing}: ${answer.message}. Check endpoint_url and the service` }
  const [response] = answer.responses
  if (response === undefined) return { kind: 'bad', code: '', message: `cannot ${doing}: nothing was answered` }
  const { status, body } = response
  if (status < 300) return { kind: 'good', response }
  const said = textsIn(elementIn(body, 'Error'))
  const code = said['Code'] ?? (status === 404 && body === '' ? 'NotFound' : '')
  const because = said['Message'] === undefined ? '' : `: ${said['Message']}`
  return { kind: 'bad', code, message: `cannot ${doing}: ${adviceOn(code, status, { origin, key })}${because}` }
}

function adviceOn(code: string, status: number, { origin, key }: Pick<S3, 'origin' | 'key'>): string {
  switch (code) {
    case 'SignatureDoesNotMatch':
      return `${origin} does not take the signature of ${key.accessKey}: check secret_key and region, and in Swift that s3api and s3token come after authtoken`
    case 'InvalidAccessKeyId':
      return `${origin} does not know the access key ${key.accessKey}`
    case 'AccessDenied':
      return `${key.accessKey} may not, or the access key is not known`
    case 'AuthorizationHeaderMalformed':
      return `the region is another one than ${key.region}`
    case 'RequestTimeTooSkewed':
      return 'the clocks of this machine and of the service differ too much'
    case 'NoSuchBucket':
      return 'there is no such bucket'
    case 'NoSuchKey':
    case 'NotFound':
      return 'it is not there'
    default:
      if (code !== '') return `${origin} refuses with ${code} (status ${status})`
      return status >= 500
        ? `${origin} failed with status ${status}: see its log`
        : `${origin} answers with status ${status}, as what has no S3 API does: is it in the pipeline?`
  }
}
