/**
 * What `compare` and `extract` share. $1 which of them, $2 where the archive is: `file`, `input` for standard input, or `url` for what the
 * configuration of curl on standard input names, $3 its path, $4 the directory, $5 `names` to list members, or `times` with their times, $6 `stats` for what stat says of
 * them, $7 owner, $8 group, $9 mode; then `newer` or nothing, and as many words as $11 and $12 say: tar's or unzip's own options, what is included, what is excluded.
 * `compare` prints, each ended by NUL: tar or zip; what differs; the members, as tar or unzip list them; what is at their places.
 */
export const UNARCHIVE_SCRIPT = `die() { printf '!%s' "$1"; printf '%s\\n' "$1" >&2; exit 1; }
work=
trap 'rm -rf \${work:+"$work"}' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM
LC_ALL=C TZ=UTC; export LC_ALL TZ
verb=$1 from=$2 archive=$3 dest=$4 names=$5 stats=$6 owner=$7 group=$8 mode=$9
shift 9
newer=$1 options=$2 included=$3
shift 3
case $from in
  input | url)
    work=$(mktemp -d) || exit 1
    if [ $from = input ]; then cat >"$work/archive" || die 'there is no room for the archive in the directory for temporary files'
    else
      command -v curl >/dev/null 2>&1 || die 'a url needs curl on the host: install it first (package: { name: curl })'
      e=$(curl -q --config - --silent --show-error --fail --location --output "$work/archive" 2>&1) || die "Failure downloading: $e"
    fi
    archive=$work/archive ;;
esac
[ -f "$archive" ] && [ -r "$archive" ] || die "Source '$archive' does not exist or is not readable"
cd "$dest" || exit 1
case $(head -c 4 "$archive" | od -An -tx1 | tr -d ' \\n') in 504b0304 | 504b0506) kind=zip ;; *) kind=tar ;; esac
if [ $kind = zip ]; then
  command -v unzip >/dev/null 2>&1 || die 'a zip archive needs unzip on the host: install it first (package: { name: unzip })'
else
  tar --version 2>/dev/null | grep -q GNU || die 'a tar archive needs GNU tar on the host: install it first (package: { name: tar })'
fi
n=0 count=$#
for word do
  [ $n -gt 0 ] || set --
  n=$((n + 1))
  if [ $kind = tar ]; then
    if [ $n -le $options ]; then set -- "$@" "$word"
    elif [ $n -gt $((options + included)) ]; then set -- "$@" "--exclude=$word"
    else set -- "$@" "--add-file=$word"; fi
  else
    if [ $n -eq $((options + 1)) ]; then set -- "$@" "$archive"; fi
    if [ $n -eq $((options + included + 1)) ]; then set -- "$@" -x; fi
    set -- "$@" "$word"
  fi
done
[ $kind = tar ] || [ $count -gt $options ] || set -- "$@" "$archive"
members() { # all that is meant, one a line
  if [ $kind = tar ]; then tar --quoting-style=literal -tf "$archive" "$@"
  else shift "$options"; shift; unzip -Z1 "$archive" "$@"; fi
}
# What tar leaves out of a name as it unpacks is left out where the file is touched, too.
places() { members "$@" | sed 's|^/*||'; }
differing() {
  if [ $kind = tar ]; then
    e=$(tar --quoting-style=literal --diff -f "$archive" "$@" 2>&1)
    s=$?
    printf '%s\\n' "$e"
    [ $s -le 1 ] || printf '%s' "$e" | grep -q ': Warning: Cannot stat: ' || die "cannot read the archive: $e"
    return
  fi
  members "$@" | while IFS= read -r name; do
    case $name in
      */) [ -d "$name" ] || printf '%s: Missing\\n' "$name" ;;
      *)
        if [ ! -f "$name" ]; then printf '%s: Missing\\n' "$name"
        else
          pattern=$(printf '%s\\n' "$name" | sed 's/[][*?\\\\]/\\\\&/g')
          unzip -p "$archive" "$pattern" | cmp -s - "$name" || printf '%s: Contents differ\\n' "$name"
        fi ;;
    esac
  done
}
list=$(members "$@" 2>&1) || die "cannot read the archive: $list"
outside=$(printf '%s\\n' "$list" | awk -v kind=$kind '/(^|\\/)\\.\\.(\\/|$)/ || (kind == "zip" && /^\\//) { print; exit }')
[ -z "$outside" ] || die "the archive has a path that leads out of the directory: $outside"
case $verb in
  compare)
    printf '%s\\0' $kind
    differing "$@" || exit 1
    printf '\\0'
    if [ "$names" = times ] && [ $kind = tar ]; then tar --quoting-style=literal --full-time -tvf "$archive" "$@"
    elif [ -n "$names" ]; then members "$@"; fi
    printf '\\0'
    [ -z "$stats" ] || places "$@" | tr '\\n' '\\0' | xargs -0 -r stat -c "$stats:%n" -- 2>/dev/null
    printf '\\0' ;;
  extract)
    if [ $kind = tar ]; then tar -xf "$archive" \${newer:+--keep-newer-files} "$@" || exit 1
    else
      unzip -q -o \${newer:+-u} "$@" >&2
      # 1: it went well, with warnings.
      [ $? -le 1 ] || exit 1
    fi
    [ -z "$owner$group" ] || places "$@" | tr '\\n' '\\0' | xargs -0 -r chown -h -- "$owner\${group:+:$group}" || exit 1
    [ -z "$mode" ] || places "$@" | while IFS= read -r name; do [ -L "$name" ] || printf '%s\\0' "$name"; done | xargs -0 -r chmod -- "$mode" || exit 1
    printf '%s\\0' $kind
    [ -z "$names" ] || members "$@" ;;
esac
`
