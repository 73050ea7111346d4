import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine, quote } from '../lib/quote.ts'

/** A pip that can be run. */
export interface Pip {
  /** The words that start it. */
  readonly argv: readonly string[]
  readonly version: string
  /** Whether the Python that it installs for belongs to the host's package manager (PEP 668). */
  readonly managed: boolean
}

/* $1 a program, or nothing; $2 a virtual environment, or nothing. Prints the words of pip, what it says of itself, and whether others manage its Python. */
const script = `pip_of() {
  set -- "$1" "\${2%/}"
  if [ -n "$2" ]; then
    if [ -x "$2/bin/pip" ]; then set -- "$2/bin/pip"; elif [ -x "$2/bin/pip3" ]; then set -- "$2/bin/pip3"; else echo; return; fi
  elif [ -n "$1" ]; then
    command -v -- "$1" >/dev/null || { echo; return; }
    set -- "$1"
  elif command -v pip3 >/dev/null; then set -- pip3
  elif command -v pip >/dev/null; then set -- pip
  elif python3 -m pip --version >/dev/null 2>&1; then set -- python3 -m pip
  else echo; return; fi
  said=$(PYTHONDONTWRITEBYTECODE=1 "$@" --version 2>&1) || { echo; return; }
  managed=no python=\${said##*python }; python=\${python%)*}
  case $said in *' from /usr/lib/python'*) [ ! -e "/usr/lib/python$python/EXTERNALLY-MANAGED" ] || managed=yes ;; esac
  printf '%s\\n%s\\n%s\\n' "$*" "$said" "$managed"
}
`

const pipFact = defineFact<readonly [executable: string, virtualenv: string], Pip | null>({
  name: 'pip',
  script: (params) =>
    script + params.map(([executable, virtualenv]) => `pip_of ${quote(executable)} ${quote(virtualenv)}\n`).join(''),
  parse(raw, [executable, virtualenv]) {
    const [words = '', said = '', managed = ''] = raw.toString('utf8').split('\n')
    if (words === '') return null
    const version = /^pip (\S+)/.exec(said)?.[1]
    if (version === undefined) throw new UnreadableFact(`${words} is no pip: ${said}`)
    // A program or a directory may have blanks in its name; the other ways to start pip have none.
    const argv = executable !== '' || virtualenv !== '' ? [words] : words.split(' ')
    return { argv, version, managed: virtualenv === '' && managed === 'yes' }
  },
  path: ([, virtualenv]) => virtualenv,
  absent: null,
  touchedBy: (path, [, virtualenv]) =>
    virtualenv === '' ? /\/(?:pip|python)[\d.]*$|^\/var\/lib\/(?:dpkg|rpm)\//.test(path) : path.startsWith(virtualenv),
})
/** The pip of a virtual environment, that of a name, or else the host's own; null where there is none. */
export const pip = (executable: string, virtualenv: string): Fact<Pip | null> => pipFact([executable, virtualenv])

/** A package of Python's. */
export interface PythonPackage {
  readonly name: string
  readonly version: string
  /** Where it is worked on, if it is installed from there. */
  readonly editable?: string
}

const QUIET = 'PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONDONTWRITEBYTECODE=1'

const packagesFact = defineFact<readonly string[], readonly PythonPackage[]>({
  name: 'pip-packages',
  script: (pips) =>
    pips
      .map(
        (argv) =>
          `${QUIET} ${commandLine(argv)} list --format=json 2>/dev/null || { echo; ${QUIET} ${commandLine(argv)} freeze --all 2>/dev/null; }\n`,
      )
      .join(''),
  parse: (raw) => parsePackages(raw.toString('utf8')),
  patience: 60,
})
/** What a pip has installed. */
export const pythonPackages = (argv: readonly string[]): Fact<readonly PythonPackage[]> => packagesFact(argv)

/** What `pip list --format=json` prints, or `pip freeze` where pip is older than that. */
export function parsePackages(text: string): readonly PythonPackage[] {
  const line = text.split('\n').find((each) => each.startsWith('['))
  if (line === undefined)
    return text.split('\n').flatMap((each) => {
      const [, name, version] = /^([\w.-]+)==(\S+)$/.exec(each.trim()) ?? []
      return name === undefined || version === undefined ? [] : [{ name: canonicalName(name), version }]
    })
  return (JSON.parse(line) as readonly { name: string; version: string; editable_project_location?: string }[]).map(
    ({ name, version, editable_project_location: editable }) => ({
      name: canonicalName(name),
      version,
      ...(editable === undefined ? {} : { editable }),
    }),
  )
}

/** PEP 503: the one way to write a name. */
export const canonicalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** What pip would install. */
export interface PipPreview {
  /** What pip says is wrong; null where nothing is. */
  readonly problem: string | null
  readonly installs: readonly PythonPackage[]
}

const previewFact = defineFact<readonly string[], PipPreview>({
  name: 'pip-preview',
  script: (asked) =>
    asked
      .map(
        ([directory = '', ...words]) =>
          `${directory === '' ? '' : `cd ${quote(directory)} && `}${QUIET} PIP_NO_CACHE_DIR=1 ${commandLine(words)} 2>&1\necho; echo "status $?"\n`,
      )
      .join(''),
  parse: (raw) => parsePreview(raw.toString('utf8')),
  patience: 300,
  volatile: true,
})
/** What `PIP install --dry-run --report -` with these words says, in a directory. For pip from 22.2 on. */
export const pipPreview = (directory: string, argv: readonly string[], words: readonly string[]): Fact<PipPreview> =>
  previewFact([directory, ...argv, 'install', '--dry-run', '--quiet', '--report', '-', ...words])

export function parsePreview(text: string): PipPreview {
  const start = text.indexOf('{\n')
  const end = text.lastIndexOf('\n}')
  if (start < 0 || end < start) {
    const errors = text.split('\n').filter((line) => line.startsWith('ERROR: ') || line.startsWith('error: '))
    return {
      problem: errors.map((line) => line.slice(7)).join('; ') || text.trim() || 'pip gave no answer',
      installs: [],
    }
  }
  const report = JSON.parse(text.slice(start, end + 2)) as {
    readonly install?: readonly { readonly metadata: { readonly name: string; readonly version: string } }[]
  }
  const installs = (report.install ?? []).map(({ metadata: { name, version } }) => ({
    name: canonicalName(name),
    version,
  }))
  return { problem: null, installs }
}
