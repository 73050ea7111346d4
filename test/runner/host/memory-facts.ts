import { createHash } from 'node:crypto'
import type { Param } from '../../../modules/fact.ts'
import type { Inode, MemoryFiles } from './memory-files.ts'

/** What a kind's script prints for one parameter. */
export type Responder = (param: Param, files: MemoryFiles) => Buffer | string

const BITS = { file: 0o100000, directory: 0o040000, link: 0o120000 }
const NAMES = new Map([
  [0, 'root'],
  [1, 'daemon'],
])

/** The scripts' answers for what is in the file system, and for who asks: root with umask 022. */
export const fileResponders: { readonly [kind: string]: Responder } = {
  stat: (param, files) => {
    const path = String(param)
    const inode = files.get(path, false)
    if (inode === undefined) return '-\n'
    if (inode.type !== 'link') return `f\n${statLine(inode)}\n`
    const end = files.get(path) === undefined ? '' : (files.resolve(path, true) ?? '')
    return `l\n${statLine(inode)}\n${inode.target}\0${end}\0`
  },
  content: (param, files) => {
    const inode = files.get(String(param))
    if (inode === undefined) return '-'
    return inode.type === 'file' ? Buffer.concat([Buffer.from('f'), inode.content]) : 'd'
  },
  checksum: (param, files) => {
    const inode = files.get(String(param))
    if (inode?.type !== 'file') return '-\n'
    return `f\n${createHash('sha256').update(inode.content).digest('hex')}  ${String(param)}\n`
  },
  tree: (param, files) => {
    const path = String(param)
    const inode = files.get(path, false)
    if (inode === undefined) return '-\n'
    if (inode.type !== 'directory') return 'o\n'
    const real = files.resolve(path, false) ?? path
    const entries = [real, ...files.beneath(real)].map((name) => {
      const found = files.get(name, false)
      return found === undefined ? '' : `1\n${statLine(found)}\n${path}${name.slice(real.length)}\0`
    })
    return `d\n${entries.join('')}`
  },
  creator: () => '0\n0\nroot\nroot\n0022\n/root\n',
}

function statLine({ type, mode, uid, gid, content, target, mtime, number, links }: Inode): string {
  const raw = (BITS[type] | mode).toString(16)
  const size = type === 'file' ? content.length : type === 'link' ? Buffer.byteLength(target) : 4096
  const names = [uid, gid].map((id) => NAMES.get(id) ?? 'UNKNOWN').join(':')
  return `${raw}:${uid}:${gid}:${size}:${mtime}:${number}:1:${type === 'directory' ? 2 : links}:0:0:${names}`
}
