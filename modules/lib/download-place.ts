import { posix } from 'node:path'
import { checksum } from '../facts/checksum.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { webAnswer } from '../facts/web.ts'
import type { HostState } from '../module.ts'
import { linkEnd } from './replace-file.ts'
import type { WebRequest } from './web-request.ts'

/** Where a download goes, and what is there, links followed. */
export async function downloadPlace(
  host: HostState,
  dest: string,
  request: WebRequest,
): Promise<{ readonly path: string; readonly stat: FileStat | null } | { readonly problem: string }> {
  const path = dest.replace(/(?<=.)\/+$/, '')
  // Asked for ahead, so that one batch answers also where it is a file.
  const ahead = Promise.allSettled([host.get(checksum(path))])
  const [found] = await Promise.all([followed(host, path), ahead])
  if (found.stat?.type === 'directory') {
    const inside = await followed(host, posix.join(found.path, await nameOf(host, request)))
    return inside.stat === null || inside.stat.type === 'file'
      ? inside
      : { problem: `${inside.path} is a ${inside.stat.type}, not a file` }
  }
  if (dest.endsWith('/')) return { problem: `Destination ${dest} is not a directory` }
  if (found.stat !== null)
    return found.stat.type === 'file' ? found : { problem: `${path} is a ${found.stat.type}, not a file` }
  const parent = await followed(host, posix.dirname(found.path))
  return parent.stat?.type === 'directory'
    ? found
    : { problem: `Destination ${posix.dirname(found.path)} does not exist` }
}

async function followed(
  host: HostState,
  path: string,
): Promise<{ readonly path: string; readonly stat: FileStat | null }> {
  const at = await host.get(stat(path))
  if (at?.type !== 'link') return { path, stat: at }
  const end = linkEnd(path, at)
  return { path: end, stat: await host.get(stat(end)) }
}

/** The name that the server gives, or that the url has. */
async function nameOf(host: HostState, request: WebRequest): Promise<string> {
  const own = decodeURIComponent(posix.basename(new URL(request.url).pathname)) || 'index.html'
  const head = await host.get(webAnswer({ ...request, method: 'HEAD' }))
  if ('trouble' in head) return own
  const given = /filename="?([^";]+)"?/i.exec(head.headers['content-disposition'] ?? '')?.[1]
  const name = posix.basename(given ?? '').trim()
  return name === '' || name === '.' || name === '..' ? own : name
}
