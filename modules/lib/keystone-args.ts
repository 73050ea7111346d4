import { content } from '../facts/content.ts'
import { keystoneCatalog, type CatalogPlace, type KeystoneCatalog } from '../facts/keystone-catalog.ts'
import { keystoneAdmin } from '../facts/keystone-token.ts'
import type { HostState } from '../module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { clientProperties } from './client-args.ts'
import { hostPath } from './host-path.ts'
import {
  CLOUD_FILES,
  cloudIn,
  cloudLogin,
  keystoneLogin,
  openrc,
  textsOf,
  type KeystoneLogin,
} from './keystone-auth.ts'
import type { Keystone, KeystoneAccess } from './keystone-step.ts'

/** The arguments by which a module logs in to Keystone. */
export const keystoneProperties = {
  cloud: { type: 'string', description: 'A cloud of the clouds.yaml on the host.', since: '0.1.0' },
  auth: {
    type: 'object',
    secret: true,
    additionalProperties: true,
    description:
      'auth_url, username, password, project_name and so on, as under `auth` in clouds.yaml. The Identity API v3, or v2.0 where auth_url ends so or `identity_api_version` is 2.',
    since: '0.1.0',
  },
  openrc: {
    type: 'string',
    format: 'path',
    description: 'A shell file on the host that exports OS_AUTH_URL, OS_USERNAME and so on.',
    since: '0.1.0',
  },
  via: {
    type: 'string',
    enum: ['host', 'controller'],
    default: 'host',
    description: 'Who asks Keystone: the host, over its connection, or the machine that drover runs on.',
    since: '0.1.0',
  },
  ca_cert: {
    type: 'string',
    format: 'path',
    aliases: ['cacert'],
    description: 'Certificates on the host, in PEM, of who may sign Keystone’s.',
    since: '0.1.0',
  },
  ...clientProperties,
} as const

export interface KeystoneArgs {
  readonly cloud?: string | undefined
  readonly auth?: JsonObject | undefined
  readonly openrc?: string | undefined
  readonly via: 'host' | 'controller'
  readonly ca_cert?: string | undefined
  readonly validate_certs: boolean
  readonly api_timeout: number
}

/** How to log in, from the arguments and the files on the host that they name; a string says what is missing. */
export async function keystoneOf(host: HostState, args: KeystoneArgs): Promise<KeystoneAccess | string> {
  const read = async (path: string): Promise<string | null> =>
    (await host.get(content(await hostPath(host, path))))?.toString('utf8') ?? null
  const [ca, login] = await Promise.all([
    args.ca_cert === undefined ? undefined : read(args.ca_cert),
    loginWith(args, read),
  ])
  if (ca === null) return `${args.ca_cert} is not there`
  if (typeof login === 'string') return login
  const { via, validate_certs: verify, api_timeout: patience } = args
  return { login, way: { via, verify, patience, ...(ca === undefined ? {} : { ca }) } }
}

/** The catalogue, and what steps about it are carried out with; a string says what is missing. */
export async function catalogOf(
  host: HostState,
  args: KeystoneArgs,
): Promise<{ readonly keystone: Keystone; readonly catalog: KeystoneCatalog } | string> {
  const found = await keystoneOf(host, args)
  if (typeof found === 'string') return found
  const place = await placeOf(host, found)
  if (typeof place === 'string') return place
  const fact = keystoneCatalog(found.login, found.way, place)
  return { keystone: { ...found, fact, place }, catalog: await host.get(fact) }
}

/** The admin API of v2.0 is where the catalogue has it, and where nobody knows of it yet, auth_url; a string says why there is no login. */
async function placeOf(host: HostState, { login, way }: KeystoneAccess): Promise<CatalogPlace | string> {
  if (login.version === 3) return login
  const admin = await host.get(keystoneAdmin(login, way))
  if (admin.kind === 'unknown') return admin.message
  const { url } = admin
  if (url === null) return login
  if (!URL.canParse(url)) return `the admin endpoint of identity in the catalogue is no url: ${url}`
  const { origin, pathname } = new URL(url)
  return { origin, base: `${pathname.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '')}/v2.0` }
}

async function loginWith(
  args: KeystoneArgs,
  read: (path: string) => Promise<string | null>,
): Promise<KeystoneLogin | string> {
  if (args.auth !== undefined) return keystoneLogin(textsOf(args.auth), undefined)
  if (args.openrc !== undefined) {
    const text = await read(args.openrc)
    return text === null ? `${args.openrc} is not there` : keystoneLogin(openrc(text), undefined)
  }
  if (args.cloud === undefined) return 'say how to log in: auth, cloud or openrc'
  const found = cloudIn(await Promise.all(CLOUD_FILES.map(read)), args.cloud)
  return typeof found === 'string' ? found : cloudLogin(found)
}
