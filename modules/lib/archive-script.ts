import { placeFunctions } from './place-file.ts'

/**
 * $1 the archive, $2 the directory that names start at, $3 `tar`, `zip` or `one`, $4 `gz`, `bz2`, `xz` or nothing, $5 owner, $6 group, $7 mode. Standard
 * input: the names, each ended by NUL; a single file's by a newline.
 */
export const ARCHIVE_SCRIPT = `${placeFunctions}
path=$1 root=$2 kind=$3 compression=$4 owner=$5 group=$6 mode=$7
case $compression in gz) by=gzip ;; bz2) by=bzip2 ;; xz) by=xz ;; *) by= ;; esac
[ $kind != zip ] || by=zip
[ -z "$by" ] || command -v $by >/dev/null 2>&1 || die "this needs $by on the host: install it first"
beside "$path"
cd "$root" || exit 1
case $kind in
  tar)
    case $(tar --version 2>/dev/null) in *'GNU tar'*) ;; *) die 'a tar archive needs GNU tar on the host: install it first (package: { name: tar })' ;; esac
    if [ -z "$by" ]; then tar --null --no-recursion -cf "$t" -T - || exit 1
    else
      work=$(mktemp -d) || exit 1
      { tar --null --no-recursion -cf - -T - || : >"$work/failed"; } | $by -c >"$t" && [ ! -e "$work/failed" ] || exit 1
    fi ;;
  zip)
    # zip takes a file that is there for an archive to add to.
    rm -f "$t"; tr '\\0' '\\n' | zip -q -y -X - -@ >"$t" || exit 1 ;;
  one) IFS= read -r name; $by -c <"./$name" >"$t" || exit 1 ;;
esac
place "$path" '' "$owner" "$group" "$mode"
`
