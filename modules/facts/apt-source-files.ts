import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

export const SOURCES_DIRECTORY = '/etc/apt/sources.list.d'

const fact = defineFact<string, readonly string[] | null>({
  name: 'apt-source-files',
  script: () => `command -v apt-get >/dev/null || exit 0
echo apt
for file in /etc/apt/sources.list ${SOURCES_DIRECTORY}/*.list; do [ ! -f "$file" ] || printf '%s\\n' "$file"; done
`,
  parse(raw) {
    const [apt, ...files] = raw.toString('utf8').split('\n')
    return apt === 'apt' ? files.filter((file) => file !== '') : null
  },
  touchedBy: (path) =>
    path === '/etc/apt/sources.list' || (path.startsWith(SOURCES_DIRECTORY) && path.endsWith('.list')),
})
/** The files from which apt takes its sources, in the one-line style; null where there is no apt. */
export const aptSourceFiles = (): Fact<readonly string[] | null> => fact('')
