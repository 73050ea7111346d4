/**
 * Shell functions for a script that makes a file of the host's own bytes. `beside PATH` makes the empty, private file `$t` in PATH's directory, or
 * in `$tmp` if set, that goes when the script ends, as does the directory `$work`; `place PATH BACKUP OWNER GROUP MODE` gives it what the old file has beyond bytes, syncs it
 * and renames it over the old one, whose backup's name it prints. From `$tmp`, which may be another filesystem, it comes beside PATH first: the rename is atomic all the same.
 */
export const placeFunctions = `die() { printf '%s\\n' "$1" >&2; exit 1; }
mask=$(umask)
umask 077
t= away= work= tmp=
trap 'rm -rf \${t:+"$t"} \${away:+"$away"} \${work:+"$work"}' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM
beside() {
  d=\${1%/*}
  t=$(mktemp "\${tmp:-\${d:-/}}/.\${1##*/}.drover-XXXXXXXX") || exit 1
}
place() {
  if [ -n "$tmp" ]; then
    away=$t t= tmp=
    beside "$1"
    # Not moved: it would keep the SELinux context of a temporary file.
    cat "$away" >"$t" && rm -f "$away" || exit 1
    away=
  fi
  if [ -e "$1" ]; then
    cp --attributes-only --preserve=all "$1" "$t" 2>/dev/null || {
      chown "$(stat -c %u:%g "$1")" "$t" 2>/dev/null; chmod "$(stat -c %a "$1")" "$t"
    } || exit 1
  else
    chmod "$(printf %o $((0666 & ~$mask)))" "$t" || exit 1
    if [ -e /sys/fs/selinux/enforce ]; then
      c=$(PATH=$PATH:/usr/sbin:/sbin; matchpathcon -n -m file "$1" 2>/dev/null) && [ "$c" != '<<none>>' ] && chcon "$c" "$t"
    fi
  fi
  case $3:$4 in :) ;; *:) chown -- "$3" "$t" || exit 1 ;; *) chown -- "$3:$4" "$t" || exit 1 ;; esac
  [ -z "$5" ] || chmod "$5" "$t" || exit 1
  sync "$t" || exit 1
  if [ "$2" = backup ] && [ -e "$1" ]; then
    b=$1.$$.$(date +%Y-%m-%d@%H:%M:%S)~
    cp -p "$1" "$b" && printf '%s' "$b" || exit 1
  fi
  mv -f "$t" "$1" || exit 1
}
`
