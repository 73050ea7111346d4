import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { SourceFile } from '../language/source.ts'

/** Whether there is a file of the user's where a task of `from` looks for it. */
export function fileExists(name: string, kind: 'files' | 'templates', from: SourceFile): boolean {
  const directory = dirname(from.path)
  const places = isAbsolute(name)
    ? [name]
    : [directory, dirname(directory)].flatMap((base) => [resolve(base, kind, name), resolve(base, name)])
  return places.some((place) => existsSync(place))
}
