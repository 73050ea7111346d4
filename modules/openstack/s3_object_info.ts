import { s3Keys, s3Object, type S3Object, type S3Said } from '../facts/s3.ts'
import { originOf, s3Of, s3Properties, type S3 } from '../lib/s3-args.ts'
import { defineModule, propose, refuse, type HostState, type JsonObject } from '../module.ts'

/** The most that S3 lists at once. */
const PAGE = 1000

type State =
  string | S3Said<{ readonly keys: readonly string[] }> | S3Said<{ readonly name: string; readonly object: S3Object }>

export default defineModule({
  name: 's3_object_info',
  summary: 'List the objects of a bucket, or read one, from a service that speaks S3.',
  description:
    'Swift with s3api or swift3, Ceph, MinIO, Amazon. Requests are signed (AWS Signature Version 4), and made over the connection of the host, which need have no client installed. ' +
    'Objects of any size can be checked with `checksum`; content is read up to 16 MiB.',
  args: {
    type: 'object',
    required: ['bucket_name'],
    mutuallyExclusive: [
      ['content', 'checksum'],
      ['object_name', 'prefix'],
      ['object_name', 'max_keys'],
    ],
    properties: {
      ...s3Properties,
      bucket_name: { type: 'string', aliases: ['bucket'], description: 'The bucket.', since: '0.1.0' },
      object_name: {
        type: 'string',
        aliases: ['object'],
        description: 'One object; all are listed where unset.',
        since: '0.1.0',
      },
      prefix: { type: 'string', description: 'Lists only objects whose name begins so.', since: '0.1.0' },
      max_keys: { type: 'integer', minimum: 1, description: 'Lists no more objects than this.', since: '0.1.0' },
      content: { type: 'boolean', default: false, description: 'Reads what the object holds.', since: '0.1.0' },
      checksum: {
        type: 'boolean',
        default: false,
        description: 'Reads the object and says what it comes to: sha256 and md5.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    s3_keys: 'The names of all objects, without `object_name`.',
    object_info:
      'A list of one, with `object_name`: object_name and object_data, which has content_length, content_type, etag, last_modified, metadata, and with `checksum` sha256 and md5.',
    content: 'What the object holds, in base64, with `content`.',
    encoding: '`base64`, with `content`.',
  },
  examples: [
    {
      title: 'The objects of a bucket in Swift',
      task: 's3_object_info:\n  endpoint_url: http://10.0.32.30:8080\n  access_key: "{{ ec2.access }}"\n  secret_key: "{{ ec2.secret }}"\n  region: RegionOne\n  bucket_name: test_container\nregister: found',
      needs: 'an S3 API',
    },
    {
      title: 'What an object holds is what it should be',
      task: 's3_object_info:\n  endpoint_url: http://10.0.32.30:8080\n  access_key: "{{ ec2.access }}"\n  secret_key: "{{ ec2.secret }}"\n  region: RegionOne\n  bucket_name: images\n  object_name: disk.qcow2\n  checksum: true\nregister: image\nfailed_when: image.object_info[0].object_data.sha256 != wanted',
      needs: 'an S3 API',
    },
  ],
  async observe(host, args): Promise<State> {
    const s3 = await s3Of(host, args)
    if (typeof s3 === 'string') return s3
    const { bucket_name: bucket, object_name: name } = args
    if (!/^[^/?#\s]+$/.test(bucket)) return `this can be no name of a bucket: ${JSON.stringify(bucket)}`
    if (originOf(s3, bucket) === null)
      return `${JSON.stringify(bucket)} can be no part of the name of a host: leave path_style true`
    if (name === undefined) return allKeys(host, s3, bucket, args)
    if (name === '') return 'object_name is empty'
    const what = args.content ? 'content' : args.checksum ? 'digest' : 'headers'
    const object = await host.get(s3Object(s3, bucket, name, what))
    return object.kind === 'unknown' ? object : { kind: 'known', name, object }
  },
  plan(_args, state) {
    if (typeof state === 'string') return refuse(state)
    if (state.kind === 'unknown') return refuse(state.message)
    if ('keys' in state) return propose([], { s3_keys: [...state.keys] })
    const { name, object } = state
    const content = object.content === null ? {} : { content: object.content, encoding: 'base64' }
    return propose([], { object_info: [{ object_name: name, object_data: dataOf(object) }], ...content })
  },
})

async function allKeys(
  host: HostState,
  s3: S3,
  bucket: string,
  {
    prefix = '',
    max_keys: most = Infinity,
  }: { readonly prefix?: string | undefined; readonly max_keys?: number | undefined },
): Promise<State> {
  const keys: string[] = []
  for (;;) {
    const page = await host.get(
      s3Keys(s3, bucket, { prefix, marker: keys.at(-1) ?? '', most: Math.min(PAGE, most - keys.length) }),
    )
    if (page.kind === 'unknown') return page
    keys.push(...page.keys)
    if (!page.more || page.keys.length === 0 || keys.length >= most) return { kind: 'known', keys }
  }
}

const META = 'x-amz-meta-'

function dataOf({ headers, digest }: S3Object): JsonObject {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(META))
  return {
    content_length: Number(headers['content-length'] ?? digest?.size ?? 0),
    content_type: headers['content-type'] ?? null,
    etag: headers['etag'] ?? null,
    last_modified: headers['last-modified'] ?? null,
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice(META.length), value])),
    ...(digest === null ? {} : { sha256: digest.sha256, md5: digest.md5 }),
  }
}
