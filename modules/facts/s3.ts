import { askFact, type Fact } from '../fact.ts'
import { elementIn, listIn, s3Answer, textsIn } from '../lib/s3-answer.ts'
import { originOf, type S3 } from '../lib/s3-args.ts'
import type { BodyDigest, HttpQuestion, HttpRequest } from '../question.ts'

/** What an S3 API says, or why it does not; `code` is S3's own for it, empty where it has none. */
export type S3Said<T> =
  ({ readonly kind: 'known' } & T) | { readonly kind: 'unknown'; readonly code: string; readonly message: string }

export interface Bucket {
  readonly name: string
  readonly creation_date: string
}

/** All buckets of who asks. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function s3Buckets(s3: S3): Fact<S3Said<{ readonly buckets: readonly Bucket[] }>> {
  return askFact('s3-buckets', s3.origin, question(s3, null, {}), (answer) => {
    const said = s3Answer(answer, s3, 'list the buckets')
    if (said.kind === 'bad') return { ...said, kind: 'unknown' }
    const buckets = listIn(elementIn(said.response.body, 'ListAllMyBucketsResult', 'Buckets', 'Bucket')).map(textsIn)
    return {
      kind: 'known',
      buckets: buckets.map((one) => ({ name: one['Name'] ?? '', creation_date: one['CreationDate'] ?? '' })),
    }
  })
}

export interface KeysPage {
  readonly keys: readonly string[]
  /** Whether more come after the last. */
  readonly more: boolean
}

/** Keys of a bucket after `marker`, in order. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html, which swift3 knows, too. */
export function s3Keys(
  s3: S3,
  bucket: string,
  { prefix, marker, most }: { readonly prefix: string; readonly marker: string; readonly most: number },
): Fact<S3Said<KeysPage>> {
  const query = {
    ...(marker === '' ? {} : { marker }),
    'max-keys': String(most),
    ...(prefix === '' ? {} : { prefix }),
  }
  return askFact('s3-keys', `${s3.origin}/${bucket}`, question(s3, { bucket }, { query }), (answer) => {
    const said = s3Answer(answer, s3, `list the bucket ${bucket}`)
    if (said.kind === 'bad') return { ...said, kind: 'unknown' }
    const list = elementIn(said.response.body, 'ListBucketResult')
    const keys = listIn(elementIn(said.response.body, 'ListBucketResult', 'Contents')).map(textsIn)
    return {
      kind: 'known',
      keys: keys.flatMap((one) => one['Key'] ?? []),
      more: textsIn(list)['IsTruncated'] === 'true',
    }
  })
}

export interface S3Object {
  readonly headers: { readonly [name: string]: string }
  /** In base64. */
  readonly content: string | null
  readonly digest: BodyDigest | null
}

/** One object: its headers alone, with its content, or with what its content comes to. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function s3Object(
  s3: S3,
  bucket: string,
  key: string,
  what: 'headers' | 'content' | 'digest',
): Fact<S3Said<S3Object>> {
  const how = {
    method: what === 'headers' ? 'HEAD' : 'GET',
    tell: ['content-length', 'content-type', 'etag', 'last-modified', 'x-amz-meta-*'],
    ...(what === 'headers' ? {} : { as: what === 'content' ? ('base64' as const) : ('digest' as const) }),
  } as const
  return askFact('s3-object', `${s3.origin}/${bucket}/${key}`, question(s3, { bucket, key }, { how }), (answer) => {
    const said = s3Answer(answer, s3, `read ${key} of the bucket ${bucket}`)
    if (said.kind === 'bad') return { ...said, kind: 'unknown' }
    const { body, headers = {} } = said.response
    return {
      kind: 'known',
      headers,
      content: what === 'content' ? body : null,
      digest: what === 'digest' ? (JSON.parse(body) as BodyDigest) : null,
    }
  })
}

/** The signed request for a place, null being the list of all buckets. */
function question(
  s3: S3,
  place: { readonly bucket: string; readonly key?: string } | null,
  {
    query = {},
    how = {},
  }: {
    readonly query?: { readonly [name: string]: string }
    readonly how?: Partial<Pick<HttpRequest, 'method' | 'tell' | 'as'>>
  },
): HttpQuestion {
  const { base, pathStyle, key: sign, way } = s3
  const origin = (place === null ? null : originOf(s3, place.bucket)) ?? s3.origin
  const inPath = place !== null && pathStyle ? [place.bucket] : []
  const names = place?.key === undefined ? inPath : [...inPath, ...place.key.split('/')]
  const words = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`)
  const path = `${base}/${names.map(encoded).join('/')}${words.length === 0 ? '' : `?${words.join('&')}`}`
  const request = { method: 'GET', path, headers: { accept: '*/*' }, sign, ...how } as const
  return { protocol: 'http', origin, ...way, requests: [request] }
}

/** As S3 wants it signed: all but unreserved letters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
