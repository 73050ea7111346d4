import { parse } from 'yaml'
import type { Json, JsonObject } from '../../schema/infer.ts'
import type { HttpRequest } from '../question.ts'
import { authenticateV2 } from './keystone-auth-v2.ts'

/** Who asks Keystone, and where. */
export interface KeystoneLogin {
  readonly origin: string
  readonly version: 2 | 3
  /** The path of the API: `/v3`. */
  readonly base: string
  /** Who it is, for error messages: `the user admin`. */
  readonly who: string
  /** The request for a token. */
  readonly authenticate: HttpRequest
  readonly region: string | undefined
}

/** The login with which questions begin, to Keystone itself and to what takes its tokens. */
export const tokenRequest = ({ origin, authenticate }: KeystoneLogin): HttpRequest => ({
  ...authenticate,
  origin,
  silent: true,
  keep: true,
})

/** Names under `auth` in clouds.yaml, as they are in the environment with `OS_` before them. */
export type Auth = Readonly<Record<string, string>>

/** Where clouds.yaml is looked for on a host, the nearest first: https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html */
export const CLOUD_FILES = ['~/.config/openstack/clouds.yaml', '/etc/openstack/clouds.yaml'] as const

/** A cloud of clouds.yaml: its `auth` and region; a string says what is wrong. */
export function cloudIn(files: readonly (string | null)[], name: string): JsonObject | string {
  const known: string[] = []
  for (const text of files) {
    if (text === null) continue
    const clouds = cloudsIn(text)
    const cloud = clouds[name]
    if (cloud !== undefined) return cloud
    known.push(...Object.keys(clouds))
  }
  return `no cloud is called ${name} in ${CLOUD_FILES.join(' or ')} of this host${known.length === 0 ? '' : `: there are ${known.join(', ')}`}`
}

/** The clouds in a text of clouds.yaml, by name. Throws what the parser of YAML throws. */
export function cloudsIn(text: string): Readonly<Record<string, JsonObject>> {
  const clouds = objectOf(objectOf(parse(text) as Json)['clouds'])
  return Object.fromEntries(Object.entries(clouds).map(([name, cloud]) => [name, objectOf(cloud)]))
}

/** How to log in to a cloud of clouds.yaml, in its own region where none is given; a string says what is missing. */
export function cloudLogin(cloud: JsonObject, region?: string): KeystoneLogin | string {
  const { region_name: own, identity_api_version: version = '' } = cloud
  return keystoneLogin(
    { ...textsOf({ identity_api_version: version }), ...textsOf(cloud['auth']) },
    region ?? (typeof own === 'string' ? own : undefined),
  )
}

/** The variables that a shell file such as admin-openrc exports, `OS_` taken off, in lower case. */
export function openrc(text: string): Auth {
  const lines = [...text.matchAll(/^\s*(?:export\s+)?OS_(\w+)=(?:'([^']*)'|"([^"]*)"|(\S*))\s*$/gm)]
  return Object.fromEntries(
    lines.map(([, name = '', single, double, bare]) => [name.toLowerCase(), single ?? double ?? bare ?? '']),
  )
}

/** The strings of a mapping; numbers as they are written. */
export function textsOf(given: Json | undefined): Auth {
  return Object.fromEntries(
    Object.entries(objectOf(given)).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )
}

/** How to log in with what is known; a string says what is missing. */
export function keystoneLogin(auth: Auth, region: string | undefined): KeystoneLogin | string {
  const { auth_url: written = '' } = auth
  if (!/^https?:\/\/./.test(written))
    return `auth_url is to be like https://identity.example.org:5000/v3, and not "${written}"`
  const url = new URL(written)
  const path = url.pathname.replace(/\/+$/, '')
  const version = versionOf(auth, path)
  if (typeof version === 'string') return version
  const name = version === 2 ? 'v2.0' : 'v3'
  const base = path.endsWith(`/${name}`) ? path : `${path}/${name}`
  const place = { origin: url.origin, version, base, region: region ?? auth['region_name'] }
  if (version === 2) {
    const found = authenticateV2(auth, base)
    return typeof found === 'string' ? found : { ...place, ...found }
  }
  const identity = identityOf(auth)
  if (typeof identity === 'string') return identity
  const project = scopeOf(auth)
  const body = {
    auth: { identity: identity.methods, ...(identity.scoped || project === undefined ? {} : { scope: project }) },
  }
  const authenticate = { method: 'POST', path: `${base}/auth/tokens`, body, repeatable: true } as const
  return { ...place, who: identity.who, authenticate }
}

/** The version that the path of auth_url names, or `identity_api_version`; 3 where neither does. A string says that they differ. */
function versionOf({ identity_api_version: said = '' }: Auth, path: string): 2 | 3 | string {
  const inPath = /\/v(2\.0|3)$/.exec(path)?.[1]?.charAt(0)
  const wanted = /^v?([23])(?:\.\d+)?$/.exec(said)?.[1]
  if (said !== '' && wanted === undefined) return `identity_api_version is to be 2 or 3, and not "${said}"`
  if (inPath !== undefined && wanted !== undefined && inPath !== wanted)
    return `auth_url ends in ${path.slice(path.lastIndexOf('/'))}, but identity_api_version is ${said}: leave one of them out`
  return (inPath ?? wanted) === '2' ? 2 : 3
}

function identityOf(
  auth: Auth,
): { readonly who: string; readonly methods: JsonObject; readonly scoped: boolean } | string {
  const { application_credential_id: id, application_credential_secret: secret, token, password } = auth
  if (id !== undefined && secret !== undefined) {
    const methods = { methods: ['application_credential'], application_credential: { id, secret } }
    return { who: `the application credential ${id}`, methods, scoped: true }
  }
  if (token !== undefined)
    return { who: 'the token', methods: { methods: ['token'], token: { id: token } }, scoped: false }
  const { username, user_id: userId } = auth
  if (password === undefined || (username === undefined && userId === undefined))
    return 'auth needs username and password, a token, or application_credential_id and application_credential_secret'
  const user = userId === undefined ? { name: username ?? '', domain: domainOf(auth, 'user') } : { id: userId }
  const methods = { methods: ['password'], password: { user: { ...user, password } } }
  return { who: `the user ${username ?? userId}`, methods, scoped: false }
}

function scopeOf(auth: Auth): JsonObject | undefined {
  const { project_id: id = auth['tenant_id'], project_name: name = auth['tenant_name'] } = auth
  if (id !== undefined) return { project: { id } }
  if (name !== undefined) return { project: { name, domain: domainOf(auth, 'project') } }
  return auth['system_scope'] === undefined ? undefined : { system: { all: true } }
}

function domainOf(auth: Auth, of: 'user' | 'project'): JsonObject {
  const id = auth[`${of}_domain_id`] ?? auth['domain_id']
  const name = auth[`${of}_domain_name`] ?? auth['domain_name']
  return id === undefined ? { name: name ?? 'Default' } : { id }
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
