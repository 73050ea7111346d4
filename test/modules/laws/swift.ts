import { of } from './case.ts'
import bucketModule from '../../../modules/openstack/s3_bucket_info.ts'
import objectModule from '../../../modules/openstack/s3_object_info.ts'
import accountModule from '../../../modules/openstack/swift_account_info.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { hostileTasks, TEXTS } from './hostile.ts'

/** A bucket of objects whose names somebody could take for something else, and what each of them holds. */
export const lawsBucket = 'laws'
export const lawsObjects: { readonly [name: string]: string } = Object.fromEntries(
  ['a', 'a//b/', '../up', ' &amp;<b>%2e%2e%00+', TEXTS['one line'], TEXTS['two lines']].map((name, index) => [
    name,
    `content-${index}`,
  ]),
)

/** What nobody is to see of the cases. */
export const swiftSecrets = ['laws-another-password', 'laws-another-key', 'laws-token']

/** Of modules that read from Swift, with its own API and with S3's. */
export const swift = [
  ...of(
    'swift_account_info',
    ['there', 'ok', '{}'],
    ['by the internal interface', 'ok', '{ interface: internal, region: RegionOne }'],
    ['by the address of the administrator', 'failed', '{ interface: admin }'],
    ['no such service', 'failed', '{ service: laws-never }'],
    ['no such region', 'failed', '{ region: laws-never }'],
    [
      'another password',
      'failed',
      '{ auth: { auth_url: "http://127.0.0.1:5000/v3", username: demo, project_name: demo, password: laws-another-password } }',
    ],
  ),
  ...of(
    's3_bucket_info',
    ['all', 'ok', '{}'],
    ['one', 'ok', `{ name: ${lawsBucket} }`],
    ['none of that name', 'ok', '{ name: laws-never }'],
    ['no such key', 'failed', '{ access_key: laws-never }'],
    ['another secret key', 'failed', '{ secret_key: laws-another-key }'],
    ['another region', 'failed', '{ region: laws-never }'],
    ['with a token', 'ok', '{ session_token: laws-token }'],
  ),
  ...of(
    's3_object_info',
    ['all', 'ok', `{ bucket: ${lawsBucket} }`],
    ['some', 'ok', `{ bucket: ${lawsBucket}, prefix: a, max_keys: 1 }`],
    ['one', 'ok', `{ bucket: ${lawsBucket}, object: a, content: true }`],
    [
      'one, with a signature of the old kind',
      'ok',
      `{ bucket: ${lawsBucket}, object: a, checksum: true, signature_version: 2 }`,
    ],
    ['no such object', 'failed', `{ bucket: ${lawsBucket}, object: laws-never }`],
    ['no such bucket', 'failed', '{ bucket: laws-never }'],
  ),
]

/** Hostile texts for each of their arguments; how to ask S3 is the same for both of its modules. */
export const swiftHostile = ({ auth = null, ...s3 }: JsonObject): readonly { readonly name: string }[] => [
  ...hostileTasks(accountModule, { auth }, (argument) => argument === 'service'),
  ...hostileTasks(bucketModule, s3),
  ...hostileTasks(
    objectModule,
    { ...s3, bucket_name: lawsBucket },
    (argument) => !(argument in bucketModule.args.properties),
  ),
]
