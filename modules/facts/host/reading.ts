/** What the host printed, cut up: the lines of each file by its path, and the sections. */
export interface Reading {
  readonly files: ReadonlyMap<string, readonly string[]>
  readonly sections: ReadonlyMap<string, string>
}

/** Cuts the output of `hostScript`. */
export function readReading(text: string): Reading {
  const sections = new Map(
    text
      .split('\u0001')
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n')
        return [part.slice(0, end), part.slice(end + 1)] as const
      }),
  )
  const files = new Map<string, string[]>()
  for (const line of (sections.get('files') ?? '').split('\n')) {
    const colon = line.indexOf(':')
    if (colon === -1) continue
    const path = line.slice(0, colon)
    const lines = files.get(path) ?? []
    lines.push(line.slice(colon + 1))
    files.set(path, lines)
  }
  return { files, sections }
}

/** The first line of a file, trimmed; undefined where it is not there or empty. */
export const firstLine = (reading: Reading, path: string): string | undefined =>
  reading.files.get(path)?.[0]?.trim() || undefined

/** A file's whole text. */
export const fileText = (reading: Reading, path: string): string => (reading.files.get(path) ?? []).join('\n')

/** A section without the newline at its end. */
export const sectionText = (reading: Reading, name: string): string =>
  (reading.sections.get(name) ?? '').replace(/\n+$/, '')

/** `KEY=value` lines of os-release(5) and their like: quotes and backslashes are a shell's. */
export function assignments(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const match = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line)
      if (!match?.[1]) return []
      const value = (match[2] ?? '').trim()
      const quoted = /^(["'])(.*)\1$/s.exec(value)
      return [[match[1], (quoted ? (quoted[2] ?? '') : value).replaceAll(/\\(["'$`\\])/g, '$1')] as const]
    }),
  )
}

/** The names one level below a directory that files were read of: `/sys/block` → `vda`, `loop0`. */
export function namesBelow(reading: Reading, directory: string): readonly string[] {
  const depth = directory.split('/').length
  const names = [...reading.files.keys()].flatMap((path) =>
    path.startsWith(`${directory}/`) ? [path.split('/')[depth] ?? ''] : [],
  )
  return [...new Set(names)]
}
