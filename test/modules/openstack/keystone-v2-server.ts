import { createServer, type Server } from 'node:http'
import { textOf } from '../../../modules/facts/cloud-items.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'

export const PASSWORD = 'it is "secret"'
/** The token that is given to who logs in; nobody is to see it. */
export const TOKEN_ID = '3f2a9c1dTokenOfV2'

type Thing = Readonly<Record<string, unknown>> & { readonly id: string }
type Answer = readonly [status: number, body: object | null]
const refusal = (code: number, message: string): Answer => [code, { error: { code, message } }]

/** What the stand-in has, and what it was asked to change. */
export interface KeystoneV2 {
  readonly server: Server
  readonly services: Thing[]
  readonly endpoints: Thing[]
  readonly credentials: Thing[]
  /** Requests that change something: `POST endpoints`. */
  readonly log: string[]
}

/**
 * A stand-in for Keystone with the Identity API v2.0, which no release since Queens has: written from the API reference (v2.0, its admin API with
 * OS-KSADM, and OS-EC2). Below /main is what everybody may ask; below /admin, where the catalogue has it, what administrators may.
 */
export function keystoneV2(): KeystoneV2 {
  const state = { services: [] as Thing[], endpoints: [] as Thing[], credentials: [] as Thing[], log: [] as string[] }
  let next = 1
  const lists = { 'OS-KSADM/services': state.services, endpoints: state.endpoints, credentials: state.credentials }

  function login(body: JsonObject, origin: string): Answer {
    const { auth = {} } = body as { readonly auth?: JsonObject }
    const { passwordCredentials: given, token, tenantName, tenantId } = auth
    const { username, userId, password } = (given ?? {}) as JsonObject
    const known = (username === 'admin' || userId === 'u1') && password === PASSWORD
    if (!known && (token as JsonObject | undefined)?.['id'] !== TOKEN_ID)
      return refusal(401, 'The request you have made requires authentication.')
    const tenant = tenantName === 'admin' || tenantId === 't1' ? { id: 't1', name: 'admin' } : undefined
    const serviceCatalog = tenant === undefined ? [] : catalog(origin)
    return [200, { access: { token: { id: TOKEN_ID, tenant }, user: { id: 'u1', name: 'admin' }, serviceCatalog } }]
  }

  /** One entry for each type and region. */
  function catalog(origin: string): readonly object[] {
    const identity = { publicURL: `${origin}/main/v2.0`, adminURL: `${origin}/admin/v2.0`, region: 'RegionOne' }
    const others = state.services.map(({ id, name, type }) => ({
      name,
      type,
      endpoints: state.endpoints
        .filter((one) => one['service_id'] === id)
        .map((one) => {
          const url = (key: string): string => textOf((one[key] ?? '') as Json).replaceAll('%(tenant_id)s', 't1')
          const { region } = one
          return { region, publicURL: url('publicurl'), internalURL: url('internalurl'), adminURL: url('adminurl') }
        }),
    }))
    return [{ name: 'keystone', type: 'identity', endpoints: [identity] }, ...others]
  }

  function listed(method: string, key: keyof typeof lists, id: string | undefined, body: JsonObject): Answer {
    const list: Thing[] = lists[key]
    const [plural, singular] =
      key === 'OS-KSADM/services' ? ['OS-KSADM:services', 'OS-KSADM:service'] : [key, key.slice(0, -1)]
    if (method === 'GET' && id === undefined) return [200, { [plural]: list }]
    if (method === 'POST' && id === undefined) {
      const given = key === 'credentials' ? body : ((body[singular] ?? {}) as JsonObject)
      if (key === 'endpoints' && given['publicurl'] === undefined)
        return refusal(400, 'Expecting to find publicurl in endpoint.')
      const own = key === 'credentials' ? { access: `access${next}`, secret: `secret of ${next}` } : {}
      const made = { ...given, ...own, id: `${key.replace(/^.*\//, '')}${next++}` }
      list.push(made)
      return [200, { [singular]: made }]
    }
    const found = list.findIndex((one) => one[key === 'credentials' ? 'access' : 'id'] === id)
    if (method !== 'DELETE') return refusal(405, 'The method is not allowed for this resource.')
    if (found < 0) return refusal(404, `Could not find ${singular}, ${id}.`)
    list.splice(found, 1)
    return [204, null]
  }

  const answer = (method: string, url: URL, body: JsonObject, token: unknown): Answer => {
    const [, api, path = ''] = /^\/(main|admin)\/v2\.0\/(.*)$/.exec(url.pathname) ?? []
    if (path === 'tokens' && method === 'POST') return login(body, url.origin)
    if (token !== TOKEN_ID) return refusal(401, 'The request you have made requires authentication.')
    if (method !== 'GET') state.log.push(`${method} ${path}`)
    const [, inAdmin, id] = /^(OS-KSADM\/services|endpoints)(?:\/(\w+))?$/.exec(path) ?? []
    if (api === 'admin' && inAdmin !== undefined) return listed(method, inAdmin as keyof typeof lists, id, body)
    const [isEc2, access] = /^users\/u1\/credentials\/OS-EC2(?:\/(\w+))?$/.exec(path) ?? []
    return isEc2 === undefined
      ? refusal(404, 'The resource could not be found.')
      : listed(method, 'credentials', access, body)
  }
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`)
      const body = JSON.parse(Buffer.concat(pieces).toString('utf8') || '{}') as JsonObject
      const [status, told] = answer(request.method ?? '', url, body, request.headers['x-auth-token'])
      response.writeHead(status).end(told === null ? '' : JSON.stringify(told))
    })
  })
  return { server, ...state }
}
