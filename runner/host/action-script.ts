import { createHash, randomBytes } from 'node:crypto'
import { basename, dirname, posix } from 'node:path'
import { commandLine, quote } from '../../modules/lib/quote.ts'
import type { Action, Content, Ownership, RunAction, ScriptAction, WriteAction } from '../../modules/step.ts'

/**
 * Shell functions for what cannot be said in one command. Each runs in a subshell of its own, so that `exit` and traps end with it.
 * A file is written beside its place under a name that nothing else has, and takes its place in one rename(2): whoever looks sees the old
 * file or the new one. What the old file has beyond bytes (ACL, xattr, SELinux context) goes over to the new one.
 */
export const fileFunctions = `
die() { printf '%s\\n' "$1" >&2; exit 1; }
own() { # PATH OWNER GROUP MODE [-h]
  case $2:$3 in :) ;; *:) chown $5 "$2" "$1" || exit 1 ;; *) chown $5 "$2:$3" "$1" || exit 1 ;; esac
  [ -z "$4" ] || chmod "$4" "$1" || exit 1
}
label() { # PATH LIKE: gives PATH the SELinux context that LIKE should have
  [ -e /sys/fs/selinux/enforce ] || return 0
  c=$(matchpathcon -n "$2" 2>/dev/null) && [ "$c" != '<<none>>' ] && chcon -h "$c" "$1"
  return 0
}
digest() { if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1"; else openssl dgst -sha256 -r <"$1"; fi; }
begin() { # PATH TEMPORARY
  p=$1 t=$2
  [ ! -d "$p" ] || die "$p is a directory"
  [ -d "\${p%/*}/" ] || die "the directory \${p%/*} does not exist"
  trap 'rm -f "$t"' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM
  (umask 077; set -C; : >"$t") || exit 1
}
finish() { # DIGEST OWNER GROUP MODE BACKUP
  d=$(digest "$t") || exit 1
  [ "\${d%% *}" = "$1" ] || die "$t does not hold what was sent: is the disk full?"
  if [ -e "$p" ]; then
    if ! { cp --attributes-only --preserve=all "$p" "$t" && touch "$t"; } 2>/dev/null; then
      set -- "$1" "\${2:-$(stat -c %u "$p")}" "\${3:-$(stat -c %g "$p")}" "\${4:-$(stat -c %a "$p")}" "$5"
    fi
  else
    [ -n "$4" ] || chmod =rw "$t" || exit 1
    label "$t" "$p"
  fi
  own "$t" "$2" "$3" "$4"
}
replace() { # BACKUP
  sync "$t" 2>/dev/null || sync
  if [ "$1" = backup ] && [ -e "$p" ]; then
    b=$p.$$.$(date +%Y-%m-%d@%H:%M:%S)~
    cp -p "$p" "$b" && printf '%s' "$b" || exit 1
  fi
  mv -f "$t" "$p" || exit 1
  trap - EXIT
}
directory() { # PATH OWNER GROUP MODE
  if ( [ -z "$4" ] || umask 077; mkdir "$1" 2>/dev/null); then label "$1" "$1"; else [ -d "$1" ] || { mkdir "$1"; exit 1; }; fi
  own "$1" "$2" "$3" "$4"
}
link() { # PATH TARGET TEMPORARY FLAG
  [ ! -d "$1" ] || [ -L "$1" ] || die "$1 is a directory"
  trap 'rm -f "$3"' EXIT
  ln $4 "$2" "$3" || exit 1
  label "$3" "$1"
  mv -fT "$3" "$1" 2>/dev/null || { rm -f "$1" && mv -f "$3" "$1"; } || exit 1
  trap - EXIT
}
remove() { # PATH RECURSIVE MOUNTED
  if [ "$2" = recursive ] && [ -d "$1" ] && [ ! -L "$1" ]; then
    while read -r _ m _; do case $m in "$3"/*|"$3") die "$1 holds the mount point $m: unmount it first" ;; esac; done </proc/self/mounts
    rm -rf "$1"
  elif [ -d "$1" ] && [ ! -L "$1" ]; then rmdir "$1"
  else rm -f "$1"; fi
}
`

/** Content up to this size is part of the request; larger content is sent after it (bytes). */
export const inlineSize = 256 * 1024

/** True where the action's content is to be sent after the request instead of in it. */
export function needsUpload(action: Action): boolean {
  return action.do === 'write' && (action.content.kind === 'file' || action.content.bytes.length > inlineSize)
}

/** The shell text of one action, to run in a subshell. The content of a write that `needsUpload` comes on standard input. */
export function actionScript(action: Action, environment: { readonly [name: string]: string }): string {
  switch (action.do) {
    case 'write':
      return writeScript(action)
    case 'attributes': {
      const path = operand(action.path)
      const own = `own ${quote(path)} ${ownership(action)}${action.link === true ? ' -h' : ''}`
      return [own, timeScript(path, 'm', action.mtime), timeScript(path, 'a', action.atime)]
        .filter((line) => line !== '')
        .join('\n')
    }
    case 'directory':
      return `directory ${quote(operand(action.path))} ${ownership(action)}`
    case 'link':
      return `link ${quote(operand(action.path))} ${quote(operand(action.target))} ${quote(beside(action.path))} ${action.hard === true ? '-f' : '-sf'}`
    case 'remove':
      return `remove ${quote(operand(action.path))} ${action.recursive === true ? 'recursive' : 'one'} ${quote(mountName(action.path))}`
    case 'run':
      return processScript(action, `exec ${commandLine(action.argv)}`, environment)
    case 'sh':
      return processScript(
        action,
        `exec /bin/sh -c ${quote(action.script)} ${commandLine(['sh', ...action.args])}`,
        environment,
      )
  }
}

function writeScript(action: WriteAction): string {
  const temporary = beside(action.path)
  const lines = [
    `begin ${quote(operand(action.path))} ${quote(temporary)}`,
    action.content.kind === 'file' || needsUpload(action)
      ? 'cat >"$t" || exit 1'
      : inline(action.content.bytes, '>"$t" || exit 1'),
    `finish ${sha256(action.content)} ${ownership(action)}`,
  ]
  if (action.validate !== undefined) {
    const words = action.validate.map((word) => word.replaceAll('%s', temporary))
    lines.push(
      `${commandLine(words)} >&2 || die ${quote(`the new ${action.path} was refused by ${words[0] ?? 'its check'}`)}`,
    )
  }
  lines.push(`replace ${action.backup === true ? 'backup' : 'no'}`)
  return lines.join('\n')
}

function processScript(
  action: RunAction | ScriptAction,
  command: string,
  environment: { readonly [name: string]: string },
): string {
  const lines = Object.entries({ ...environment, ...action.environment }).map(
    ([name, value]) => `export ${name}=${quote(value)}`,
  )
  if (action.chdir !== undefined) lines.push(`cd ${quote(operand(action.chdir))} || exit 1`)
  if (action.umask !== undefined) lines.push(`umask ${quote(action.umask)}`)
  lines.push(command)
  const script = lines.join('\n')
  return action.stdin === undefined ? script : `body() {\n${script}\n}\n${inline(action.stdin, '| body')}`
}

/** A command line that prints bytes, in a form that any shell takes, followed by what is done with them. */
function inline(bytes: Buffer, then: string): string {
  if (bytes.length === 0) return `: ${then}`
  // The end mark is a character that base64 does not use.
  return `base64 -d <<'_' ${then}\n${bytes.toString('base64').replace(/.{1,76}/g, '$&\n')}_`
}

function ownership({ owner, group, mode }: Ownership): string {
  return [owner, group, mode].map((word) => quote(word ?? '')).join(' ')
}

function timeScript(path: string, which: 'a' | 'm', seconds: number | undefined): string {
  return seconds === undefined ? '' : `touch -${which} -d ${quote(`@${seconds}`)} ${quote(path)}`
}

function sha256(content: Content): string {
  return content.kind === 'file' ? content.sha256 : createHash('sha256').update(content.bytes).digest('hex')
}

/** A name in the same directory that nothing else has. */
function beside(path: string): string {
  return posix.join(operand(dirname(path)), `.${basename(path).slice(0, 200)}.drover-${randomBytes(8).toString('hex')}`)
}

/** A path that no program takes for an option. */
function operand(path: string): string {
  return path.startsWith('-') ? `./${path}` : path
}

/** A path as /proc/self/mounts writes it (proc(5)). */
function mountName(path: string): string {
  return posix
    .normalize(path)
    .replace(/(?<=.)\/$/, '')
    .replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
