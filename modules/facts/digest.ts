import { defineFact } from '../fact.ts'
import { digestFunction } from '../lib/digest.ts'
import { quote } from '../lib/quote.ts'

const fact = defineFact<readonly string[], string | null>({
  name: 'digest',
  script: (params) =>
    digestFunction +
    params
      .map(
        ([path = '', algorithm = '']) =>
          `if [ -f ${quote(path)} ]; then digest ${quote(algorithm)} <${quote(path)} || echo; else echo; fi\n`,
      )
      .join(''),
  split: (output, params) => {
    const lines = output.toString('latin1').split('\n')
    return params.map((_, index) => Buffer.from(`${lines[index] ?? ''}\n`))
  },
  parse: (raw) => /^[0-9a-f]{32,}/.exec(raw.toString())?.[0] ?? null,
  path: ([path = '']) => path,
  absent: null,
  touchedBy: (path, [own]) => path === own,
})

/** A file's checksum by one of `DIGESTS`, links followed; null where it is no file or cannot be read. */
export const digest = (path: string, algorithm: string) => fact([path, algorithm])
