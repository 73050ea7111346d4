import { readFile, stat } from 'node:fs/promises'

/**
 * What is made of a file's bytes, made once for as long as the file is the same: a thousand hosts share a key and a list of known hosts.
 * `missing` says what stands for one that cannot be read.
 */
export function fromFile<T>(
  make: (bytes: Buffer, file: string) => T,
  missing: (error: NodeJS.ErrnoException) => T,
): (file: string) => Promise<T> {
  const made = new Map<string, { readonly stamp: string; readonly value: Promise<T> }>()
  return async (file) => {
    const about = await stat(file).catch((error: unknown) => error as NodeJS.ErrnoException)
    if (about instanceof Error) return missing(about)
    const stamp = `${about.size} ${about.mtimeMs} ${about.ctimeMs} ${about.ino}`
    const known = made.get(file)
    if (known?.stamp === stamp) return known.value
    const value = readFile(file).then(
      (bytes) => make(bytes, file),
      (error: unknown) => missing(error as NodeJS.ErrnoException),
    )
    made.set(file, { stamp, value })
    return value
  }
}
