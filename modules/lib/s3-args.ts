import { content } from '../facts/content.ts'
import type { HostState } from '../module.ts'
import type { AwsKey, HttpQuestion } from '../question.ts'
import { clientProperties } from './client-args.ts'
import { hostPath } from './host-path.ts'

/** The arguments by which a module asks a service that speaks S3; names and aliases are Ansible's. */
export const s3Properties = {
  endpoint_url: {
    type: 'string',
    aliases: ['s3_url', 'aws_endpoint_url', 'ec2_url'],
    description: 'Where the S3 API is: `http://10.0.32.30:8080`; Amazon’s own of the region where unset.',
    since: '0.1.0',
  },
  access_key: {
    type: 'string',
    aliases: ['aws_access_key_id', 'aws_access_key', 'ec2_access_key'],
    description: 'The access key, which names who asks.',
    since: '0.1.0',
  },
  secret_key: {
    type: 'string',
    secret: true,
    aliases: ['aws_secret_access_key', 'aws_secret_key', 'ec2_secret_key'],
    description: 'The secret key, which requests are signed with. It is sent nowhere.',
    since: '0.1.0',
  },
  session_token: {
    type: 'string',
    secret: true,
    aliases: ['aws_session_token', 'security_token', 'aws_security_token', 'access_token'],
    description: 'The token that goes with a temporary key.',
    since: '0.1.0',
  },
  region: {
    type: 'string',
    aliases: ['aws_region', 'ec2_region'],
    default: 'us-east-1',
    description: 'The region that requests are signed for; Swift’s is the `location` of [filter:s3api].',
    since: '0.1.0',
  },
  signature_version: {
    type: 'integer',
    enum: [2, 4],
    default: 4,
    description: 'How requests are signed. Swift3, which came before s3api, knew only 2 up to its version 1.9.',
    since: '0.1.0',
  },
  path_style: {
    type: 'boolean',
    default: true,
    description: 'Whether the bucket stands in the path of the url, or else in the name of the host.',
    since: '0.1.0',
  },
  via: {
    type: 'string',
    enum: ['host', 'controller'],
    default: 'host',
    description: 'Who asks: the host, over its connection, or the machine that drover runs on.',
    since: '0.1.0',
  },
  ca_cert: {
    type: 'string',
    format: 'path',
    aliases: ['aws_ca_bundle', 'cacert'],
    description: 'Certificates on the host, in PEM, of who may sign the service’s.',
    since: '0.1.0',
  },
  ...clientProperties,
} as const

/** Who asks an S3 API, and how. */
export interface S3 {
  readonly origin: string
  /** What comes before the bucket in a path, without a slash at its end. */
  readonly base: string
  readonly pathStyle: boolean
  readonly key: AwsKey
  readonly way: Pick<HttpQuestion, 'via' | 'ca' | 'verify' | 'patience'>
}

/** Where a bucket is asked for; null where its name can be no part of the host's. */
export function originOf({ origin, pathStyle }: Pick<S3, 'origin' | 'pathStyle'>, bucket: string): string | null {
  if (pathStyle) return origin
  const url = new URL(origin)
  const hostname = `${bucket}.${url.hostname}`.toLowerCase()
  // What it cannot be it does not become.
  url.hostname = hostname
  return url.hostname === hostname ? url.origin : null
}

interface S3Args {
  readonly endpoint_url?: string | undefined
  readonly access_key?: string | undefined
  readonly secret_key?: string | undefined
  readonly session_token?: string | undefined
  readonly region: string
  readonly signature_version: number
  readonly path_style: boolean
  readonly via: 'host' | 'controller'
  readonly ca_cert?: string | undefined
  readonly validate_certs: boolean
  readonly api_timeout: number
}

/** How to ask, from the arguments; a string says what is missing. */
export async function s3Of(host: HostState, args: S3Args): Promise<S3 | string> {
  const { access_key: accessKey, secret_key: secretKey, session_token: sessionToken, region } = args
  if (!accessKey || !secretKey) return 'say who asks: access_key and secret_key'
  // They go into headers as they are, the region into the name of a host besides.
  for (const [name, value] of Object.entries({ access_key: accessKey, session_token: sessionToken ?? 'none' }))
    if (!/^[\x21-\x7e]+$/.test(value)) return `${name} may hold letters, digits and signs, but no space, no line break`
  if (!/^[\w.-]+$/.test(region)) return `this can be no region: ${JSON.stringify(region)}`
  const written = args.endpoint_url ?? `https://s3.${region}.amazonaws.com`
  if (!/^https?:\/\/[^/\s?#]+[^\s?#]*$/.test(written) || !URL.canParse(written))
    return `endpoint_url is to be like http://10.0.32.30:8080, and not "${written}"`
  const url = new URL(written)
  const ca = args.ca_cert === undefined ? undefined : await host.get(content(await hostPath(host, args.ca_cert)))
  if (ca === null) return `${args.ca_cert} is not there`
  const version = args.signature_version === 2 ? 2 : 4
  if (version === 2 && !args.path_style) return 'signature_version 2 goes with path_style: true'
  return {
    origin: url.origin,
    base: url.pathname.replace(/\/+$/, ''),
    pathStyle: args.path_style,
    key: {
      accessKey,
      secretKey,
      region,
      service: 's3',
      version,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    way: {
      via: args.via,
      verify: args.validate_certs,
      patience: args.api_timeout,
      ...(ca === undefined ? {} : { ca: ca.toString('utf8') }),
    },
  }
}
