import { defineFact } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'

const same = defineFact<readonly string[], boolean>({
  name: 'compressed',
  script: (params) =>
    `same() { case $3 in gz) gzip -dc "$1" ;; bz2) bzip2 -dc "$1" ;; *) xz -dc "$1" ;; esac 2>/dev/null | cmp -s - "$2" && echo yes || echo no; }\n` +
    params.map((param) => `same ${commandLine(param)}\n`).join(''),
  split: (output, params) => {
    const lines = output.toString().split('\n')
    return params.map((_, index) => Buffer.from(lines[index] ?? ''))
  },
  parse: (raw) => raw.toString().trim() === 'yes',
  path: ([path = '']) => path,
  touchedBy: (path, params) => params.includes(path),
})

/** Whether a compressed file holds what another file does. */
export const compressed = (path: string, of: string, format: string) => same([path, of, format])
