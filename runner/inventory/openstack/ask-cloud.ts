import { TOKEN } from '../../../modules/facts/keystone-catalog.ts'
import type { KeystoneLogin } from '../../../modules/lib/keystone-auth.ts'
import { keystoneTrouble } from '../../../modules/lib/keystone-trouble.ts'
import type { HttpAnswer, HttpRequest } from '../../../modules/question.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import { Redactor } from '../../engine/redact.ts'
import { askHttp } from '../../host/services/http.ts'
import { dialLocally } from '../../transport/dial.ts'
import { newMeter } from '../../transport/line.ts'
import type { CloudAnswer } from './answer.ts'
import { type Catalog, catalogIn, endpointFor } from './catalog.ts'
import type { Cloud } from './clouds.ts'
import type { OpenstackOptions } from './options.ts'

/** Pages of one list: more are a list without an end. */
const MOST_PAGES = 1000

/** Milliseconds for a connection: a cloud behind a network that is not there is not waited for as long as for an answer. */
const PATIENCE = 5000

/** What is asked of a cloud cannot be had. The message is for people. */
class CloudTrouble extends Error {}

/** A cloud that is asked, and who asks. */
interface Asked {
  readonly cloud: Cloud
  readonly login: KeystoneLogin
}
interface List {
  /** Where the API is: the url of its endpoint. */
  readonly endpoint: string
  readonly path: string
  /** The key of the list in an answer. */
  readonly key: string
  /** What the service is called, and what it is asked to do, for messages. */
  readonly service: string
  readonly doing: string
}

/**
 * Logs in to a cloud and lists its servers, and the names of their flavors and, for `expand_hostvars`, images.
 * https://docs.openstack.org/api-ref/compute/, https://docs.openstack.org/api-ref/image/v2/
 */
export async function askCloud(cloud: Cloud, options: OpenstackOptions): Promise<CloudAnswer> {
  try {
    return await answerOf(cloud, options)
  } catch (error) {
    if (!(error instanceof CloudTrouble)) throw error
    const redactor = new Redactor()
    for (const secret of cloud.secrets) redactor.add(secret)
    return { kind: 'unknown', cloud: cloud.name, message: redactor.text(error.message) }
  }
}

async function answerOf(cloud: Cloud, { allProjects, expandHostvars }: OpenstackOptions): Promise<CloudAnswer> {
  const { login } = cloud
  if (typeof login === 'string') throw new CloudTrouble(login)
  const asked = { cloud, login }
  const catalog = await logIn(asked)
  const nova = placeOf(asked, catalog, 'compute')
  const compute = { endpoint: cloud.compute ?? nova.url, service: 'Nova' }
  const servers = await listed(asked, {
    ...compute,
    path: `servers/detail${allProjects ? '?all_tenants=1' : ''}`,
    key: 'servers',
    doing: 'list the servers',
  })
  const flavors = await listed(asked, {
    ...compute,
    path: 'flavors/detail?is_public=None',
    key: 'flavors',
    doing: 'list the flavors',
  })
  const glance = expandHostvars ? placeOf(asked, catalog, 'image').url.replace(/(?:\/v2)?\/*$/, '/v2') : undefined
  const images =
    glance === undefined
      ? []
      : await listed(asked, {
          endpoint: glance,
          service: 'Glance',
          path: 'images',
          key: 'images',
          doing: 'list the images',
        })
  return {
    kind: 'known',
    cloud: cloud.name,
    region: nova.region,
    servers,
    flavors: namesIn(flavors),
    images: namesIn(images),
  }
}

async function logIn({ cloud, login }: Asked): Promise<Catalog> {
  const answer = await ask(cloud, login, [login.authenticate])
  const trouble = keystoneTrouble(answer, login, 'log in')
  if (trouble !== null) throw new CloudTrouble(trouble)
  const body = answer.kind === 'answered' ? answer.responses[0]?.body : undefined
  const catalog = catalogIn(jsonIn(body, `${login.origin}${login.base}`))
  if (catalog.length === 0)
    throw new CloudTrouble(
      `Keystone gives ${login.who} no catalogue: give project_name or project_id, with a project in which ${login.who} has a role`,
    )
  return catalog
}

function placeOf(
  { cloud, login }: Asked,
  catalog: Catalog,
  type: 'compute' | 'image',
): { readonly url: string; readonly region: string } {
  if (type === 'compute' && cloud.compute !== undefined) return { url: cloud.compute, region: login.region ?? '' }
  const found = endpointFor(catalog, { type, interface: cloud.interface, region: login.region })
  if (typeof found === 'string') throw new CloudTrouble(found)
  return found
}

/** A list that is told in pages, whole. */
async function listed({ cloud, login }: Asked, list: List): Promise<readonly JsonObject[]> {
  const base = list.endpoint.replace(/\/+$/, '')
  const { origin, pathname } = new URL(base)
  const all: JsonObject[] = []
  let path: string | undefined = `${pathname === '/' ? '' : pathname}/${list.path}`
  for (let page = 1; path !== undefined; page += 1) {
    if (page > MOST_PAGES)
      throw new CloudTrouble(`cannot ${list.doing}: ${base} gives one page after another without end`)
    const request = { method: 'GET', origin, path, headers: TOKEN } as const
    const answer = await ask(cloud, login, [{ ...login.authenticate, origin: login.origin, silent: true }, request])
    const body = jsonIn(goodBody(answer, login, list, base), base)
    const entries = body[list.key]
    if (!Array.isArray(entries))
      throw new CloudTrouble(
        `cannot ${list.doing}: ${base} is no API of ${list.service}: check its endpoint in the catalogue`,
      )
    all.push(...(entries as readonly JsonObject[]))
    path = entries.length === 0 ? undefined : nextPage(body, list, path)
  }
  return all
}

function ask(cloud: Cloud, login: KeystoneLogin, requests: readonly HttpRequest[]): Promise<HttpAnswer> {
  const question = { protocol: 'http', origin: login.origin, ...cloud.way, requests } as const
  return askHttp(question, (address) => dialLocally(address, newMeter(), PATIENCE))
}

function goodBody(answer: HttpAnswer, login: KeystoneLogin, { service, doing }: List, url: string): string | undefined {
  if (answer.kind !== 'answered')
    throw new CloudTrouble(
      `cannot ${doing}: ${service} cannot be reached: ${answer.message}. Check its endpoint ${url} in the catalogue, the service and, for https, cacert`,
    )
  const [, last] = answer.responses
  if (last === undefined)
    throw new CloudTrouble(keystoneTrouble(answer, login, doing) ?? `cannot ${doing}: ${login.origin} gave no token`)
  if (last.status < 400) return last.body
  throw new CloudTrouble(`cannot ${doing} at ${url}: ${advice(last.status, service, login.who)}`)
}

function advice(status: number, service: string, who: string): string {
  switch (status) {
    case 401:
      return `${service} does not take the token of ${who} (status 401): check its [keystone_authtoken], and whether clocks differ`
    case 403:
      return `${who} may not (status 403): give it a role in its project; all_projects needs admin`
    case 404:
      return `there is no API of ${service} (status 404): check its endpoint in the catalogue`
    default:
      return status >= 500
        ? `${service} itself failed with status ${status}: see its log`
        : `${service} refuses it with status ${status}`
  }
}

/**
 * The path of the next page: Nova links to it in `…_links`, Glance in `next`. Only the query is taken: behind a proxy the rest may name
 * a place that is not reached from here, and the token is for nobody else.
 */
function nextPage(body: JsonObject, { key }: List, path: string): string | undefined {
  const links = body[`${key}_links`]
  const link = Array.isArray(links)
    ? (links as readonly JsonObject[]).find(({ rel }) => rel === 'next')?.['href']
    : body['next']
  const query = typeof link === 'string' ? /\?.*$/.exec(link)?.[0] : undefined
  return query === undefined ? undefined : path.replace(/\?.*$|$/, query)
}

function jsonIn(body: string | undefined, url: string): JsonObject {
  try {
    const value = JSON.parse(body ?? '') as Json
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // Said below.
  }
  throw new CloudTrouble(`${url} answers with something that is no JSON: is that the address of a web page or a proxy?`)
}

const namesIn = (list: readonly JsonObject[]): ReadonlyMap<string, string> =>
  new Map(
    list.flatMap(({ id, name }) => (typeof id === 'string' && typeof name === 'string' ? [[id, name] as const] : [])),
  )
