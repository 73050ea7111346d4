import { describe, expect, it } from 'vitest'
import { s3Buckets, s3Keys, s3Object } from '../../../modules/facts/s3.ts'
import type { S3 } from '../../../modules/lib/s3-args.ts'
import s3BucketInfo from '../../../modules/openstack/s3_bucket_info.ts'
import s3ObjectInfo from '../../../modules/openstack/s3_object_info.ts'
import type { HttpAnswer } from '../../../modules/question.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'

const S3: S3 = {
  origin: 'http://10.0.32.30:8080',
  base: '',
  pathStyle: true,
  key: { accessKey: 'AK', secretKey: 'hidden', region: 'RegionOne', service: 's3', version: 4 },
  way: { via: 'host', verify: true, patience: 30 },
}
const ARGS = { endpoint_url: 'http://10.0.32.30:8080', access_key: 'AK', secret_key: 'hidden', region: 'RegionOne' }
const raw = (answer: HttpAnswer): Buffer => Buffer.from(JSON.stringify(answer))
const answered = (body: string, status = 200, headers = {}): Buffer =>
  raw({ kind: 'answered', responses: [{ status, body, headers }] })

/** What Swift's s3api answers. */
const BUCKETS =
  "<?xml version='1.0' encoding='UTF-8'?>\n<ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>admin:admin</ID><DisplayName>admin:admin</DisplayName></Owner><Buckets><Bucket><Name>test_container</Name><CreationDate>2009-02-03T16:45:09.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>"
const KEYS =
  "<?xml version='1.0' encoding='UTF-8'?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>c</Name><Prefix/><Marker/><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>a &amp; b</Key><Size>5</Size></Contents><Contents><Key>007</Key></Contents></ListBucketResult>"
const error = (code: string): string =>
  `<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>${code}</Code><Message>Said so.</Message><RequestId>tx1</RequestId></Error>`

describe('S3', () => {
  it('is read', () => {
    const bucket = { name: 'test_container', creation_date: '2009-02-03T16:45:09.000Z' }
    expect(s3Buckets(S3).parse(answered(BUCKETS))).toEqual({ kind: 'known', buckets: [bucket] })
    const none = '<ListAllMyBucketsResult><Owner/><Buckets/></ListAllMyBucketsResult>'
    expect(s3Buckets(S3).parse(answered(none))).toEqual({ kind: 'known', buckets: [] })
    const page = s3Keys(S3, 'c', { prefix: '', marker: '', most: 2 })
    expect(page.parse(answered(KEYS))).toEqual({ kind: 'known', keys: ['a & b', '007'], more: true })
  })

  it.each<[string, Partial<S3>, string, string]>([
    ['in the path', {}, 'http://10.0.32.30:8080', '/c/a%20b/%28%C3%A9%29%2B.txt'],
    [
      'in the host',
      { origin: 'https://s3.example.org', pathStyle: false },
      'https://c.s3.example.org',
      '/a%20b/%28%C3%A9%29%2B.txt',
    ],
    ['below a path', { base: '/s3' }, 'http://10.0.32.30:8080', '/s3/c/a%20b/%28%C3%A9%29%2B.txt'],
  ])('names a bucket %s', (_name, more, origin, path) => {
    const { question } = s3Object({ ...S3, ...more }, 'c', 'a b/(é)+.txt', 'headers').kind
    expect(question).toMatchObject({ origin, requests: [{ method: 'HEAD', path, sign: S3.key }] })
  })

  it('is asked for in the order in which queries are signed', () => {
    const { question } = s3Keys(S3, 'c', { prefix: 'x/', marker: 'x/1', most: 10 }).kind
    expect(question).toMatchObject({ requests: [{ path: '/c?marker=x%2F1&max-keys=10&prefix=x%2F' }] })
  })

  it.each([
    [
      403,
      error('SignatureDoesNotMatch'),
      /check secret_key and region, and in Swift that s3api and s3token come after authtoken: Said so\./,
    ],
    [403, error('InvalidAccessKeyId'), /does not know the access key AK/],
    [403, error('RequestTimeTooSkewed'), /clocks/],
    [404, error('NoSuchBucket'), /no such bucket/],
    [404, '<html><h1>Not Found</h1></html>', /has no S3 API/],
    [404, '', /it is not there/],
    [500, '', /failed with status 500: see its log/],
  ])('says what to do about status %d: %s', (status, body, message) => {
    const said = s3Buckets(S3).parse(answered(body, status))
    expect(said).toMatchObject({ kind: 'unknown', message: expect.stringMatching(message) })
    expect(JSON.stringify(said)).not.toContain('hidden')
  })
})

const page = (marker: string, most: number) => s3Keys(S3, 'c', { prefix: '', marker, most })

describe('s3_bucket_info and s3_object_info', () => {
  const buckets = ['logs', 'backups'].map((name) => ({ name, creation_date: '' }))
  const object = {
    headers: { etag: '"e"', 'content-length': '5', 'x-amz-meta-by': 'ada' },
    content: null,
    digest: null,
  }
  const host = new FakeHost([
    [s3Buckets(S3), { kind: 'known', buckets }],
    [page('', 1000), { kind: 'known', keys: ['a', 'b'], more: true }],
    [page('b', 1000), { kind: 'known', keys: ['c'], more: false }],
    [page('', 1), { kind: 'known', keys: ['a'], more: true }],
    [s3Object(S3, 'c', 'a', 'headers'), { kind: 'known', ...object }],
    [s3Object(S3, 'c', 'a', 'content'), { kind: 'known', ...object, content: 'aGVsbG8=' }],
    [s3Object(S3, 'c', 'a', 'digest'), { kind: 'known', ...object, digest: { size: 5, md5: 'm', sha256: 's' } }],
  ])

  it.each<[string, JsonObject, JsonObject]>([
    ['all buckets', {}, { buckets }],
    ['one bucket', { name: 'logs' }, { buckets: buckets.slice(0, 1) }],
    ['some buckets', { name_filter: 'ack' }, { buckets: buckets.slice(1) }],
    ['no bucket', { name: 'none' }, { buckets: [] }],
    ['all keys, page by page', { bucket_name: 'c' }, { s3_keys: ['a', 'b', 'c'] }],
    ['some keys', { bucket_name: 'c', max_keys: 1 }, { s3_keys: ['a'] }],
    [
      'an object',
      { bucket_name: 'c', object_name: 'a' },
      {
        object_info: [
          {
            object_name: 'a',
            object_data: {
              content_length: 5,
              content_type: null,
              etag: '"e"',
              last_modified: null,
              metadata: { by: 'ada' },
            },
          },
        ],
      },
    ],
  ])('tell %s', async (_name, args, result) => {
    const module = 'bucket_name' in args ? s3ObjectInfo : s3BucketInfo
    expect(await planOf(module, { ...ARGS, ...args }, host)).toMatchObject({ steps: [], result })
  })

  it('read what an object holds, or what it comes to', async () => {
    const one = { ...ARGS, bucket_name: 'c', object_name: 'a' }
    const read = await planOf(s3ObjectInfo, { ...one, content: true }, host)
    expect(read.result).toMatchObject({ content: 'aGVsbG8=', encoding: 'base64' })
    const { result } = await planOf(s3ObjectInfo, { ...one, checksum: true }, host)
    expect(result).toMatchObject({ object_info: [{ object_data: { sha256: 's', md5: 'm' } }] })
  })

  it.each<[JsonObject, string]>([
    [{ secret_key: '' }, 'say who asks'],
    [{ endpoint_url: '10.0.32.30:8080' }, 'endpoint_url is to be like'],
    [{ signature_version: 2, path_style: false }, 'goes with path_style: true'],
    [{ access_key: 'A\nK' }, 'access_key may hold'],
    [{ session_token: 'é\u20ac' }, 'session_token may hold'],
    [{ region: 'a/../b' }, 'this can be no region'],
    [{ bucket_name: 'c', path_style: false }, '"c" can be no part of the name of a host'],
    [
      { bucket_name: 'a|b', path_style: false, endpoint_url: 'https://s3.example.org' },
      '"a|b" can be no part of the name of a host',
    ],
  ])('refuse %j', async (args, message) => {
    const module = 'bucket_name' in args ? s3ObjectInfo : s3BucketInfo
    expect(await planOf(module, { ...ARGS, ...args }, host)).toMatchObject({
      message: expect.stringContaining(message),
    })
  })
})
