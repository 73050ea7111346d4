import type { JsonObject } from '../../schema/infer.ts'

/** For `stat -c`, of coreutils and of busybox: all that Ansible says of a file; names last, since they alone may hold odd characters. */
export const DETAIL_FORMAT = '%f:%u:%g:%s:%X:%Y:%Z:%i:%d:%h:%t:%T:%b:%o:%U:%G'

/** What a line in `DETAIL_FORMAT` says, by Ansible's names; null where it is none. */
export function parseDetails(line: string): JsonObject | null {
  const fields = line.split(':')
  const [
    raw = '',
    uid,
    gid,
    size,
    atime,
    mtime,
    ctime,
    inode,
    dev,
    nlink,
    major = '',
    minor = '',
    blocks,
    block,
    user,
    group,
  ] = fields
  const mode = Number.parseInt(raw, 16)
  if (fields.length !== 16 || Number.isNaN(mode) || group === undefined) return null
  return {
    ...modeDict(mode),
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    atime: Number(atime),
    mtime: Number(mtime),
    ctime: Number(ctime),
    inode: Number(inode),
    dev: Number(dev),
    nlink: Number(nlink),
    device_type: deviceType(Number.parseInt(major, 16), Number.parseInt(minor, 16)),
    blocks: Number(blocks),
    block_size: Number(block),
    ...(user === 'UNKNOWN' ? {} : { pw_name: user ?? '' }),
    ...(group === 'UNKNOWN' ? {} : { gr_name: group }),
  }
}

/** makedev(3) of glibc for the numbers that are in use. */
const deviceType = (major: number, minor: number): number => (major || 0) * 256 + (minor || 0)

const KINDS = {
  isfifo: 0o010000,
  ischr: 0o020000,
  isdir: 0o040000,
  isblk: 0o060000,
  isreg: 0o100000,
  islnk: 0o120000,
  issock: 0o140000,
} as const

/** What st_mode alone says. */
export function modeDict(mode: number): JsonObject {
  const bit = (mask: number) => (mode & mask) !== 0
  return {
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    ...Object.fromEntries(Object.entries(KINDS).map(([name, type]) => [name, (mode & 0o170000) === type])),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
    rusr: bit(0o400),
    wusr: bit(0o200),
    xusr: bit(0o100),
    rgrp: bit(0o40),
    wgrp: bit(0o20),
    xgrp: bit(0o10),
    roth: bit(0o4),
    woth: bit(0o2),
    xoth: bit(0o1),
  }
}

const BITS: { readonly [type: string]: number } = {
  fifo: 0o010000,
  char: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  link: 0o120000,
  socket: 0o140000,
}

/** The same for a type and four octal digits. */
export const typeDict = (type: string, mode: string): JsonObject =>
  modeDict((BITS[type] ?? 0) | Number.parseInt(mode, 8))
