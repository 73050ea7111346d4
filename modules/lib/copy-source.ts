import { posix } from 'node:path'
import type { Controller, ControllerFile, HostState } from '../module.ts'
import { checksum } from '../facts/checksum.ts'
import { content } from '../facts/content.ts'
import { stat } from '../facts/stat.ts'
import { treeOf } from './file-effects.ts'
import { bytesSource, controllerSource, type Source } from './file-target.ts'

/** What is to be copied. `name` is a file's own; a directory's parts are named relative to it, parents before children. */
export type CopySource =
  | { readonly kind: 'file'; readonly name: string; readonly source: Source; readonly sha1?: string }
  | {
      readonly kind: 'directory'
      readonly directories: readonly { readonly name: string; readonly mode: string }[]
      readonly files: readonly { readonly name: string; readonly source: Source }[]
    }
  | { readonly kind: 'problem'; readonly problem: string }

/** A file or directory of the controller; files that ansible-vault encrypted are decrypted where `decrypt` is true. */
export async function controllerCopySource(controller: Controller, src: string, decrypt = true): Promise<CopySource> {
  const found = await controller.file(src, { decrypt })
  if (found === null) {
    return {
      kind: 'problem',
      problem: `Could not find or access '${src}' on the controller. If it is on the host, say remote_src: true`,
    }
  }
  if (found.kind === 'file')
    return { kind: 'file', name: posix.basename(src), source: controllerSource(found), sha1: found.sha1 }
  const files = await Promise.all(
    found.entries
      .filter(({ kind }) => kind === 'file')
      .map(async ({ name }) => ({ name, file: await controller.file(`${found.path}/${name}`, { decrypt }) })),
  )
  const gone = files.find(({ file }) => file?.kind !== 'file')
  if (gone !== undefined) return { kind: 'problem', problem: `${found.path}/${gone.name} changed while it was read` }
  return {
    kind: 'directory',
    directories: found.entries.filter(({ kind }) => kind === 'directory').map(({ name, mode }) => ({ name, mode })),
    files: files.flatMap(({ name, file }) => (isFile(file) ? [{ name, source: controllerSource(file) }] : [])),
  }
}

const isFile = (file: ControllerFile | null): file is ControllerFile & { readonly kind: 'file' } =>
  file?.kind === 'file'

/** A file or directory of the host itself, links in `src` followed. Files of more than 16 MiB cannot be read. */
export async function hostCopySource(host: HostState, src: string): Promise<CopySource> {
  const path = src.replace(/(?<=.)\/+$/, '')
  const at = await host.get(stat(path))
  const real = at?.type === 'link' ? at.resolved : path
  const found = at?.type === 'link' && typeof real === 'string' ? await host.get(stat(real)) : at
  if (found === null || typeof real !== 'string') return { kind: 'problem', problem: `Source ${src} not found` }
  if (found.type === 'file')
    return { kind: 'file', name: posix.basename(path), source: await hostFile(host, real, found.mode) }
  if (found.type !== 'directory') return { kind: 'problem', problem: `Source ${src} is a ${found.type}` }
  const below = await treeOf(host, real, found)
  const name = (whole: string) => whole.slice(real.length + 1)
  return {
    kind: 'directory',
    directories: below
      .filter((entry) => entry.stat.type === 'directory')
      .map((entry) => ({ name: name(entry.path), mode: entry.stat.mode })),
    files: await Promise.all(
      below
        .filter((entry) => entry.stat.type === 'file')
        .map(async (entry) => ({ name: name(entry.path), source: await hostFile(host, entry.path, entry.stat.mode) })),
    ),
  }
}

async function hostFile(host: HostState, path: string, mode: string): Promise<Source> {
  const [bytes] = await Promise.all([host.get(content(path)), host.get(checksum(path))])
  return { ...bytesSource(bytes ?? Buffer.alloc(0)), mode }
}
