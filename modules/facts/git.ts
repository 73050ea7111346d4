import { createHmac, randomBytes } from 'node:crypto'
import { defineFact, UnreadableFact, type Fact } from '../fact.ts'
import { commandLine, quote } from '../lib/quote.ts'

/** A working copy or bare repository. */
export interface GitCopy {
  readonly kind: 'copy'
  readonly bare: boolean
  /** The commit that is checked out; null where there is none yet. */
  readonly head: string | null
  /** The url of the remote; null where there is no such remote. */
  readonly url: string | null
  /** Tracked files that are not as in that commit. */
  readonly modified: readonly string[]
  /** Submodules that are not there, or not at the commit that they should be at. */
  readonly submodules: readonly string[]
  /** The commit that the version asked for is, as far as is known here. */
  readonly version: string | null
}
/** What is at a path, as git sees it. */
export type GitPlace =
  | GitCopy
  | { readonly kind: 'nothing' | 'empty' | 'other' | 'no git' }
  | { readonly kind: 'trouble'; readonly message: string }

const script = `place() { # PATH REMOTE VERSION
  command -v git >/dev/null 2>&1 || { printf 'no git'; return; }
  if [ ! -e "$1" ]; then printf nothing; return; fi
  if [ ! -e "$1/.git" ] && { [ ! -f "$1/HEAD" ] || [ ! -d "$1/objects" ]; }; then
    if [ -d "$1" ] && [ -z "$(ls -A "$1")" ]; then printf empty; else printf other; fi
    return
  fi
  cd "$1" || exit
  bare=$(git rev-parse --is-bare-repository 2>&1) || { printf 'trouble\\0%s' "$bare"; return; }
  printf 'copy\\0%s\\0%s\\0%s\\0' "$bare" "$(git rev-parse -q --verify HEAD)" "$(git config --get "remote.$2.url")"
  printf '%s\\0' "$(git rev-parse -q --verify "$3^{commit}" 2>/dev/null)"
  if [ "$bare" = false ]; then
    GIT_OPTIONAL_LOCKS=0 git status --porcelain --untracked-files=no --ignore-submodules
    printf '\\0'
    [ ! -e .gitmodules ] || git submodule status --recursive 2>/dev/null
  else printf '\\0'; fi
  printf '\\0'
}
`

const place = defineFact<readonly string[], GitPlace>({
  name: 'git',
  script: (params) => script + params.map((param) => `(place ${commandLine(param)})\n`).join(''),
  parse: parseGitPlace,
  path: ([path = '']) => path,
  absent: { kind: 'nothing' },
  touchedBy: (path, [own = '']) => path === own || path.startsWith(`${own}/`),
})

/** What git has at a path. */
export const gitPlace = (path: string, remote: string, version: string) => place([path, remote, version])

export function parseGitPlace(raw: Buffer): GitPlace {
  const [kind = '', ...parts] = raw.toString('utf8').split('\0')
  if (kind === 'nothing' || kind === 'empty' || kind === 'other' || kind === 'no git') return { kind }
  if (kind === 'trouble') return { kind, message: (parts[0] ?? '').trim() }
  if (kind !== 'copy' || parts.length < 7)
    throw new UnreadableFact('cannot tell what git has there: git gave no answer')
  const [bare, head = '', url = '', version = '', status = '', submodules = ''] = parts
  return {
    kind,
    bare: bare === 'true',
    head: head || null,
    url: url || null,
    version: version || null,
    modified: lines(status).map((line) => line.slice(3)),
    submodules: lines(submodules).flatMap((line) => (/^[-+U]/.test(line) ? [line.slice(1).split(' ')[1] ?? ''] : [])),
  }
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** What a remote repository has. */
export interface GitRefs {
  /** The branch that HEAD stands for, without `refs/heads/`; null where that is not told. */
  readonly branch: string | null
  /** Commits by the whole names of refs; a tag's is the commit that it stands for. */
  readonly refs: ReadonlyMap<string, string>
}
export interface GitTrouble {
  readonly trouble: string
}

/** Tells repositories apart without showing the passwords in their urls. */
const salt = randomBytes(16)

/** What is in a remote repository, asked anew each time, over what the host has: ssh, https, a path. */
export function gitRefs(
  repo: string,
  about: string,
  environment: { readonly [name: string]: string },
): Fact<GitRefs | GitTrouble> {
  const exports = Object.entries(environment).map(([name, value]) => `export ${quote(`${name}=${value}`)}\n`)
  const url = quote(repo)
  const text = `${exports.join('')}command -v git >/dev/null 2>&1 || exit 0
if e=$(git ls-remote --symref -- ${url} 2>&1) || e=$(git ls-remote -- ${url} 2>&1); then printf '%s\\n' "$e"; else printf '!%s' "$e"; fi
`
  const digest = createHmac('sha256', salt).update(text).digest('hex').slice(0, 12)
  return {
    key: `git-remote:${about}#${digest}`,
    kind: { name: 'git-remote', script: () => text, live: true, patience: 120 },
    param: about,
    parse: parseGitRefs,
  }
}

export function parseGitRefs(raw: Buffer): GitRefs | GitTrouble {
  const text = raw.toString('utf8')
  if (text.startsWith('!')) return { trouble: text.slice(1).trim() }
  const refs = new Map<string, string>()
  let branch: string | null = null
  for (const line of text.split('\n')) {
    const [, symbolic] = /^ref: refs\/heads\/(.*)\tHEAD$/.exec(line) ?? []
    branch = symbolic ?? branch
    const [, sha = '', name = ''] = /^([0-9a-f]{40,64})\t(.*)$/.exec(line) ?? []
    // What a tag stands for comes after the tag, under its name and `^{}`.
    if (sha !== '') refs.set(name.replace(/\^\{\}$/, ''), sha)
  }
  return { branch: branch ?? branchLike(refs), refs }
}

/** Git before 2.8 does not tell which branch HEAD stands for: one of those at the same commit. */
function branchLike(refs: ReadonlyMap<string, string>): string | null {
  const head = refs.get('HEAD')
  const same = [...refs].flatMap(([name, sha]) =>
    sha === head && name.startsWith('refs/heads/') ? [name.slice(11)] : [],
  )
  return same.find((name) => name === 'main' || name === 'master') ?? same[0] ?? null
}
