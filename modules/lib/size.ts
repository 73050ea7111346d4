const FACTOR: { readonly [letter: string]: number } = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** Bytes of `512M`, `1G`, `1GiB`, `1.5g` or digits alone; null where the text is no size. Letters are powers of 1024. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim())
  if (!match) return null
  const factor = FACTOR[(match[2] ?? '').toLowerCase()]
  return factor === undefined ? null : Math.round(Number(match[1]) * factor)
}

/** Bytes for people: `1 GiB`, `512 MiB`, `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10))
  return `${Math.round((bytes / 1024 ** power) * 100) / 100} ${units[power] ?? ''}`
}
