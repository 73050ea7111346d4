import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, Server as SecureServer } from 'node:https'
import { onTestFinished } from 'vitest'

export const password = 'pass: "word"'
export const secret = 'secret of the application'
const token = 'gAAAA-the-token'

/** A part of OpenStack on a loopback port, as Keystone's and Nova's API references have it. */
export interface FakeCloud {
  readonly url: string
  /** What was asked, in order: `GET /compute/v2.1/servers/detail`. */
  readonly asked: readonly string[]
}

interface Contents {
  readonly pages?: readonly (readonly object[])[]
  /** Types of services in the catalogue. */
  readonly services?: readonly string[]
  /** Replaces what Nova's list of servers answers. */
  readonly nova?: (response: ServerResponse) => void
  /** In PEM; it speaks plain HTTP without. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** Starts one; it is gone when the test ends. */
export async function startCloud({
  pages = [[]],
  services = ['compute', 'image'],
  nova,
  tls,
}: Contents = {}): Promise<FakeCloud> {
  const asked: string[] = []
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cloud')
    asked.push(`${request.method} ${request.url}`)
    if (pathname === '/identity/v3/auth/tokens') void authenticate(request, response, { url: urlOf(server), services })
    else if (request.headers['x-auth-token'] !== token)
      answer(response, 401, { error: { code: 401, message: 'no token' } })
    else if (pathname === '/compute/v2.1/servers/detail' && nova !== undefined) nova(response)
    else if (pathname === '/compute/v2.1/servers/detail') {
      const page = Number(searchParams.get('marker') ?? 0)
      // A proxy that Nova does not know of: only the query of its links is right.
      const next = { rel: 'next', href: `http://nova.invalid/v2.1/servers/detail?marker=${page + 1}` }
      answer(response, 200, { servers: pages[page], ...(page + 1 < pages.length ? { servers_links: [next] } : {}) })
    } else if (pathname === '/compute/v2.1/flavors/detail')
      answer(response, 200, { flavors: [{ id: '42', name: 'm1.tiny', ram: 512 }] })
    else if (pathname === '/image/v2/images') answer(response, 200, { images: [{ id: 'img-1', name: 'debian-13' }] })
    else answer(response, 404, {})
  }
  const server = tls === undefined ? createServer(serve) : createSecureServer(tls, serve)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: urlOf(server), asked }
}

/** https://docs.openstack.org/api-ref/identity/v3/, `POST /v3/auth/tokens`. */
async function authenticate(
  request: IncomingMessage,
  response: ServerResponse,
  { url, services }: { readonly url: string; readonly services: readonly string[] },
): Promise<void> {
  let text = ''
  for await (const piece of request) text += String(piece)
  const { auth } = JSON.parse(text) as {
    readonly auth: {
      readonly identity: {
        readonly password?: { readonly user: { readonly password: string } }
        readonly application_credential?: { readonly secret: string }
      }
    }
  }
  const { password: byPassword, application_credential: application } = auth.identity
  if (byPassword?.user.password !== password && application?.secret !== secret) {
    // No Keystone does, but what stands between may: it tells what it was sent.
    const told = byPassword?.user.password ?? application?.secret
    answer(response, 401, {
      error: { code: 401, message: `The request you have made requires authentication: ${told}` },
    })
    return
  }
  const paths: Readonly<Record<string, string>> = { compute: '/compute/v2.1', image: '/image', network: '/network' }
  const catalog = services.map((type) => ({
    id: type,
    name: type,
    type,
    endpoints: ['RegionOne', 'RegionTwo'].flatMap((region) =>
      ['internal', 'public'].map((name) => ({
        interface: name,
        region,
        region_id: region,
        url: `${url}${paths[type]}`,
      })),
    ),
  }))
  response.setHeader('x-subject-token', token)
  answer(response, 201, { token: { user: { id: 'u1' }, project: { id: 'p1' }, catalog } })
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function urlOf(server: Server): string {
  const address = server.address()
  return `${server instanceof SecureServer ? 'https' : 'http'}://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** A server as Nova tells it: https://docs.openstack.org/api-ref/compute/, `GET /servers/detail`. */
export function nova(id: string, name: string, more: object = {}): object {
  return {
    id,
    name,
    status: 'ACTIVE',
    accessIPv4: '',
    accessIPv6: '',
    addresses: { lan: [fixed(`10.0.0.${id.length}`)] },
    metadata: {},
    flavor: { id: '42', links: [{ rel: 'bookmark', href: 'http://nova.invalid/flavors/42' }] },
    image: { id: 'img-1', links: [] },
    'OS-EXT-AZ:availability_zone': 'nova',
    ...more,
  }
}

export const fixed = (addr: string): object => ({ addr, version: 4, 'OS-EXT-IPS:type': 'fixed' })
export const floating = (addr: string): object => ({ addr, version: 4, 'OS-EXT-IPS:type': 'floating' })
