/**
 * Shell functions that print bytes as they are. `text` must not start a process, or the bytes would stand on its command line: in shells
 * without a printf of their own, `print` is one.
 */
const byteFunctions = `
if [ "$(command -v printf)" = printf ]; then text() { printf %s "$1"; }; else text() { print -rn -- "$1"; }; fi
decode() {
  if command -v base64 >/dev/null 2>&1; then base64 -d
  elif command -v openssl >/dev/null 2>&1; then openssl base64 -d
  else
    awk 'BEGIN {
      for (i = 0; i < 64; i++) value[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", i + 1, 1)] = i
    }
    {
      line = ""
      for (i = 1; i < length($0); i += 4) {
        for (k = n = 0; k < 4; k++) n = n * 64 + value[substr($0, i + k, 1)]
        line = line sprintf("\\\\%03o", int(n / 65536))
        if (substr($0, i + 2, 1) != "=") line = line sprintf("\\\\%03o", int(n / 256) % 256)
        if (substr($0, i + 3, 1) != "=") line = line sprintf("\\\\%03o", n % 256)
      }
      print line
    }' | while read -r line; do printf "$line"; done
  fi
}
`

/**
 * Shell functions for what cannot be said in one command. Each runs in a subshell of its own, so that `exit` and traps end with it.
 * A file is written beside its place under a name that nothing else has, and takes its place in one rename(2): whoever looks sees the old
 * file or the new one. What the old file has beyond bytes (ACL, xattr, SELinux context) goes over to the new one, before any bytes are in
 * it, so that nobody can read them who may not.
 */
export const fileFunctions = `${byteFunctions}
die() { printf '%s\\n' "$1" >&2; exit 1; }
tidy() { # TEMPORARY: removed however this ends
  t=$1
  trap 'rm -f "$t"' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM
}
own() { # PATH OWNER GROUP MODE [-h]
  case $2:$3 in :) ;; *:) chown $5 -- "$2" "$1" || exit 1 ;; *) chown $5 -- "$2:$3" "$1" || exit 1 ;; esac
  if [ -n "$4" ] && { [ -z "$5" ] || [ ! -L "$1" ]; }; then chmod "$4" "$1" || exit 1; fi
}
label() { # PATH LIKE: gives PATH the SELinux context that LIKE should have
  [ -e /sys/fs/selinux/enforce ] || return 0
  k=file
  [ ! -d "$1" ] || k=dir
  [ ! -L "$1" ] || k=lnk_file
  c=$(PATH=$PATH:/usr/sbin:/sbin; matchpathcon -n -m "$k" "$2" 2>/dev/null) && [ "$c" != '<<none>>' ] && chcon -h "$c" "$1"
  return 0
}
digest() { # LARGE: openssl is slow to start, and then several times as fast
  if [ "$1" = large ] && command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
  elif command -v sha256sum >/dev/null 2>&1; then sha256sum
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
  else shasum -a 256; fi
}
keep() { # what cp of busybox cannot do: mode and owner of the old file
  set -- $(stat -c '%u:%g %a' "$p")
  if chown "$1" "$t" 2>/dev/null; then chmod "$2" "$t"; else chmod "$2" "$t" && chmod ug-s "$t"; fi || exit 1
  label "$t" "$p"
}
begin() { # PATH TEMPORARY OWNER GROUP MODE: makes an empty file that has all but the bytes; descriptor 9 writes it, 8 reads it
  p=$1 new=yes
  [ ! -e "$p" ] || new=
  [ ! -d "$p" ] || die "$p is a directory"
  [ "$new" ] || [ -f "$p" ] || die "$p is not a regular file"
  [ -d "\${p%/*}/" ] || die "the directory \${p%/*} does not exist"
  # What a killed shell left behind. Younger ones may be another run's.
  for old in "\${2%-*}"-????????????????; do [ ! -f "$old" ] || find "$old" -prune -mtime +0 -exec rm -f {} +; done
  tidy "$2"
  (if [ ! "$new" ] || [ -n "$5" ]; then umask 077; fi; set -C; : >"$t") || exit 1
  exec 8<"$t" 9>>"$t" || exit 1
  if [ "$new" ]; then label "$t" "$p"; else cp --attributes-only --preserve=all "$p" "$t" 2>/dev/null || keep; fi
  own "$t" "$3" "$4" "$5"
  ids=
  [ ! -u "$t" ] || ids=u
  [ ! -g "$t" ] || ids=g$ids
}
receive() { # LARGE: standard input into the new file; what is large goes to the disk while the rest of it comes
  s=
  if [ "$1" = large ]; then
    { while sync -d "$t"; do sleep 1; done; } </dev/null >/dev/null 2>&1 8<&- 9>&- &
    s=$!
  fi
  cat >&9
  [ -z "$s" ] || kill "$s"
}
finish() { # DIGEST LARGE
  exec 9>&-
  d=$(digest "$2" <&8) || exit 1
  [ "\${d%% *}" = "$1" ] || die "what was written of $p is not what was sent: is the disk full?"
  exec 8<&-
  # Writing has set the time, except of nothing, and has taken the set-id bits away.
  [ "$new" ] || [ -s "$t" ] || touch "$t" || exit 1
  [ -z "$ids" ] || chmod "$ids+s" "$t" || exit 1
}
replace() { # BACKUP
  if [ -r "$t" ]; then sync "$t"; else sync; fi || exit 1
  if [ "$1" = backup ] && [ ! "$new" ]; then
    b=$p.$$.$(date +%Y-%m-%d@%H:%M:%S)~
    cp -p "$p" "$b" && printf '%s' "$b" || exit 1
  fi
  mv -f "$t" "$p" || exit 1
  trap - EXIT
}
attributes() { # PATH OWNER GROUP MODE [-h]
  [ -e "$1" ] || [ -L "$1" ] || die "$1 does not exist"
  own "$@"
}
directory() { # PATH OWNER GROUP MODE
  [ ! -d "$1" ] || return 0
  mkdir \${4:+-m "$4"} "$1" || { [ -d "$1" ]; exit; }
  label "$1" "$1"
  [ -z "$2$3" ] || (own "$1" "$2" "$3" '') || { rmdir "$1"; exit 1; }
}
link() { # PATH TARGET TEMPORARY [-s]
  [ ! -d "$1" ] || [ -L "$1" ] || die "$1 is a directory"
  # mv refuses to rename a file to another name of its own.
  [ "$4" ] || [ -L "$1" ] || [ -L "$2" ] || [ ! "$1" -ef "$2" ] || return 0
  tidy "$3"
  ln $4 -- "$2" "$t" || exit 1
  # Another name of a file is not another file.
  [ ! "$4" ] || label "$t" "$1"
  # Without -T, mv would go into the directory that an old link leads to.
  if [ -d "$1" ]; then mv -fT "$t" "$1" 2>/dev/null || { rm -f "$1" && mv -f "$t" "$1"; }; else mv -f "$t" "$1"; fi || exit 1
  trap - EXIT
}
remove() { # PATH RECURSIVE
  if [ ! -d "$1" ] || [ -L "$1" ]; then rm -f "$1"
  elif [ "$2" = recursive ]; then
    d=$(cd -P "$1" && pwd -P && echo .) || exit 1
    d=\${d%??}
    [ "$d" != / ] || die 'the root directory is not removed'
    while read -r _ m _; do
      # Spaces and the like are written as \\040 (proc(5)), which printf takes with a zero before it.
      case $m in *\\\\*) m=$(printf '%b.' "$(printf %s "$m" | sed 's/\\\\/\\\\0/g')") m=\${m%.} ;; esac
      case $m in "$d"/* | "$d") die "the filesystem mounted at $m is in $1: unmount it first" ;; esac
    done </proc/self/mounts
    rm -rf "$1"
  else rmdir "$1"; fi
}
`
