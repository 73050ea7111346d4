import { createHmac } from 'node:crypto'
import aws4 from 'aws4'
import type { AwsKey } from '../../../modules/question.ts'

export interface Unsigned {
  readonly method: string
  /** Percent-encoded, with the query. */
  readonly path: string
  /** By names in lower case; `host` is one of them. */
  readonly headers: { readonly [name: string]: string }
  readonly body?: string | undefined
}

/** The headers of a request with its signature, made at `now`. */
export function signed(request: Unsigned, key: AwsKey, now: Date): Record<string, string> {
  return key.version === 4 ? signed4(request, key, now) : signed2(request, key, now)
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signed4({ method, path, headers, body }: Unsigned, key: AwsKey, now: Date): Record<string, string> {
  const date = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
  const { headers: all = {} } = aws4.sign(
    {
      method,
      path,
      headers: { ...headers, 'x-amz-date': date },
      region: key.region,
      service: key.service,
      ...(body === undefined ? {} : { body }),
    },
    {
      accessKeyId: key.accessKey,
      secretAccessKey: key.secretKey,
      ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
    },
  )
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html; of a query, only what it is that is asked for is signed. */
function signed2({ method, path, headers }: Unsigned, key: AwsKey, now: Date): Record<string, string> {
  const date = now.toUTCString().replace('GMT', '+0000')
  const token = key.sessionToken === undefined ? {} : { 'x-amz-security-token': key.sessionToken }
  const [resource = '', query = ''] = path.split('?', 2)
  const asked = query.split('&').filter((word) => SUBRESOURCES.has(word.split('=', 1)[0] ?? ''))
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    date,
    ...Object.entries(token).map(([name, value]) => `${name}:${value}`),
    `${resource}${asked.length === 0 ? '' : `?${asked.toSorted().join('&')}`}`,
  ].join('\n')
  const signature = createHmac('sha1', key.secretKey).update(text).digest('base64')
  return { ...headers, ...token, date, authorization: `AWS ${key.accessKey}:${signature}` }
}

const SUBRESOURCES: ReadonlySet<string> = new Set(['acl', 'location', 'logging', 'versioning', 'uploads'])
