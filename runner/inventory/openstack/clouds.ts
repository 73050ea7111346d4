import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { KeystoneWay } from '../../../modules/facts/keystone-catalog.ts'
import { cloudLogin, cloudsIn, type KeystoneLogin } from '../../../modules/lib/keystone-auth.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import type { OpenstackOptions } from './options.ts'

/** Where clouds are described: the process's environment, and the directory that relative paths start from. */
export interface Surroundings {
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
}

/** A cloud in one region, and how it is asked. `login` as a string says what is missing. */
export interface Cloud {
  readonly name: string
  readonly login: KeystoneLogin | string
  readonly way: KeystoneWay
  readonly interface: string
  /** Where Nova is, in place of what the catalogue says. */
  readonly compute: string | undefined
  /** What must be in no message. */
  readonly secrets: readonly string[]
}

/**
 * The clouds that a source means; a string says what is wrong. The first clouds.yaml that is there counts, with secure.yaml beside it
 * over it; `OS_…` variables are a cloud called `envvars`. https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export function cloudsFor(
  { cloudFiles, onlyClouds }: OpenstackOptions,
  around: Surroundings,
): readonly Cloud[] | string {
  const { environment } = around
  const places = placesOf(cloudFiles, around)
  const file = places.find((path) => existsSync(path))
  const read = file === undefined ? {} : readClouds(file)
  if (typeof read === 'string') return read
  const name = environment['OS_CLOUD_NAME'] || 'envvars'
  const clouds = {
    ...read,
    ...(environment['OS_AUTH_URL'] && identified(environment) ? { [name]: fromEnvironment(environment) } : {}),
  }
  const names = Object.keys(clouds)
  if (names.length === 0)
    return file === undefined
      ? `no cloud is described: there is none of ${places.join(', ')}, and OS_AUTH_URL is not set`
      : `${file} describes no cloud under "clouds:"`
  const unknown = onlyClouds.filter((one) => !names.includes(one))
  if (unknown.length > 0)
    return `no cloud is called ${unknown.join(' or ')} in ${file ?? 'the environment'}: there are ${names.join(', ')}`
  const wanted = onlyClouds.length === 0 ? names : onlyClouds
  try {
    return wanted.flatMap((one) => inRegions(one, clouds[one] ?? {}, around.cwd))
  } catch (error) {
    return `the certificates of a cloud cannot be read: ${(error as Error).message}`
  }
}

function placesOf(first: readonly string[], { cwd, environment }: Surroundings): readonly string[] {
  const named = environment['OS_CLIENT_CONFIG_FILE']
  const folders = [
    cwd,
    join(environment['XDG_CONFIG_HOME'] || expanded('~/.config', cwd), 'openstack'),
    '/etc/openstack',
  ]
  const usual = folders.flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((extension) => join(folder, `clouds.${extension}`)),
  )
  const own = [...first, ...(named === undefined || named === '' ? [] : [named])].map((path) => expanded(path, cwd))
  return [...own, ...usual, '/etc/ansible/openstack.yaml', '/etc/ansible/openstack.yml']
}

const expanded = (path: string, cwd: string): string => resolve(cwd, path.replace(/^~(?=\/|$)/, homedir()))

function readClouds(file: string): Readonly<Record<string, JsonObject>> | string {
  const secure = ['yaml', 'yml', 'json']
    .map((extension) => join(dirname(file), `secure.${extension}`))
    .find((path) => existsSync(path))
  const clouds = textOfClouds(file)
  const secrets = secure === undefined ? {} : textOfClouds(secure)
  if (typeof clouds === 'string') return clouds
  if (typeof secrets === 'string') return secrets
  return Object.fromEntries(Object.entries(clouds).map(([name, cloud]) => [name, merged(cloud, secrets[name] ?? {})]))
}

function textOfClouds(file: string): Readonly<Record<string, JsonObject>> | string {
  try {
    return cloudsIn(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, linePos } = error as {
      readonly code?: string
      readonly linePos?: readonly { readonly line: number }[]
    }
    // The message of the parser shows the line, which may hold a password.
    const where = linePos?.[0] === undefined ? '' : ` in line ${linePos[0].line}`
    return `${file} cannot be read: ${code === 'EACCES' ? 'permission denied' : `it is no YAML${where}`}`
  }
}

function merged(below: JsonObject, above: JsonObject): JsonObject {
  const inner = Object.entries(above).map(([name, value]) => {
    const old = below[name]
    return [name, isObject(old) && isObject(value) ? merged(old, value) : value]
  })
  return { ...below, ...(Object.fromEntries(inner) as JsonObject) }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const identified = (environment: NodeJS.ProcessEnv): boolean =>
  ['OS_USERNAME', 'OS_USER_ID', 'OS_APPLICATION_CREDENTIAL_ID', 'OS_TOKEN'].some((name) => environment[name])

function fromEnvironment(environment: NodeJS.ProcessEnv): JsonObject {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('OS_') && value ? [[name.slice('OS_'.length).toLowerCase(), value] as const] : [],
  )
  const auth = Object.fromEntries(own)
  return { ...auth, auth }
}

/** One for each region: the one that is set, all that are listed, or the first that the catalogue shows. */
function inRegions(name: string, cloud: JsonObject, cwd: string): readonly Cloud[] {
  const { regions, region_name: only, cacert, verify = true, insecure = false, api_timeout: patience, auth } = cloud
  const listed = Array.isArray(regions) && typeof only !== 'string' ? (regions as readonly Json[]) : [null]
  const way: KeystoneWay = {
    via: 'controller',
    verify: !isNo(verify) && isNo(insecure),
    patience: Number(patience) > 0 ? Number(patience) : 30,
    ...(typeof cacert === 'string' ? { ca: readFileSync(expanded(cacert, cwd), 'utf8') } : {}),
  }
  const wanted = cloud['interface'] ?? cloud['endpoint_type']
  const compute = cloud['compute_endpoint_override']
  const { password, token, application_credential_secret: secret } = isObject(auth) ? auth : {}
  return listed.map((region) => {
    const called = isObject(region) ? region['name'] : region
    return {
      name,
      login: cloudLogin(cloud, typeof called === 'string' ? called : undefined),
      way,
      interface: typeof wanted === 'string' ? wanted.replace(/URL$/, '') : 'public',
      compute: typeof compute === 'string' ? compute : undefined,
      secrets: [password, token, secret].flatMap((one) =>
        typeof one === 'string' || typeof one === 'number' ? [String(one)] : [],
      ),
    }
  })
}

const isNo = (value: Json): boolean =>
  value === false || (typeof value === 'string' && /^(?:false|no|off|0)$/i.test(value))
