import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The files that a shell pattern in the last part of the path matches. */
export function glob(pattern: string): string[] {
  const directory = dirname(pattern)
  const source = basename(pattern)
    .replace(/[\\^$.+(){}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace(/\[!/g, '[^')
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return []
  const matches = new RegExp(`^${source}$`, 's')
  const hidden = basename(pattern).startsWith('.')
  return readdirSync(directory)
    .filter((name) => matches.test(name) && (hidden || !name.startsWith('.')))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .toSorted()
}
