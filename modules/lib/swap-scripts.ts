/*
 * Builds a swap file under a temporary name beside its place. $1 path, $2 size in bytes, $3 `holes` where fallocate may leave what swapon
 * refuses, $4 `nocow` for btrfs, $5 `active` where the old file is swapped to and comes out of use once the new one is ready to take
 * its place. mkswap sees the file only once nobody else may read it.
 */
export const BUILD_SWAP = `
path=$1 size=$2 holes=$3 cow=$4 active=$5
dir=\${path%/*} name=\${path##*/}
new=$dir/.$name.$$.new
trap 'swapoff "$new" 2>/dev/null; rm -f -- "$new" "$new.err"' EXIT
trap 'exit 130' HUP INT TERM
umask 077
: >"$new" || exit
chmod 600 "$new" || exit
[ "$cow" != nocow ] || chattr +C "$new" || { echo "a swap file on btrfs needs chattr +C, which failed" >&2; exit 1; }
filled=
if [ "$holes" != holes ] && command -v fallocate >/dev/null; then fallocate -l "$size" "$new" 2>/dev/null && filled=1; fi
fill() {
  : >"$new"
  dd if=/dev/zero of="$new" bs=1048576 count=$((size / 1048576)) 2>"$new.err" || { cat "$new.err" >&2; rm -f -- "$new.err"; return 1; }
  rm -f -- "$new.err"
  rest=$((size % 1048576))
  [ $rest -eq 0 ] || dd if=/dev/zero bs=$rest count=1 2>/dev/null >>"$new"
}
[ -n "$filled" ] || fill || exit
mkswap "$new" >/dev/null || exit
# Only the kernel can say whether it takes the file; a disabled swap area costs nothing to try.
if ! swapon "$new" 2>/dev/null; then
  [ -z "$filled" ] || { fill && mkswap "$new" >/dev/null; } || exit
  swapon "$new" || exit
fi
swapoff "$new" || exit
sync
[ "$active" != active ] || swapoff "$path" || exit
mv -f -- "$new" "$path" || { [ "$active" != active ] || swapon "$path"; exit 1; }
`

/*
 * $1 path, $2 priority or nothing, $3 the path as /proc/swaps writes it. In some containers that file lags a moment behind.
 */
export const SWAP_ON = `
if [ -n "$2" ]; then swapon -p "$2" "$1" || exit; else swapon "$1" || exit; fi
tries=0
until grep -q -F -e "$3 " /proc/swaps || [ $tries -ge 20 ]; do tries=$((tries + 1)); sleep 0.05 2>/dev/null || sleep 1; done
grep -q -F -e "$3 " /proc/swaps || { echo "swapon succeeded, but /proc/swaps does not show $1" >&2; exit 1; }
`

/** $1 path, $2 the path as /proc/swaps writes it. */
export const SWAP_OFF = `
swapoff "$1" || exit
tries=0
while grep -q -F -e "$2 " /proc/swaps && [ $tries -lt 20 ]; do tries=$((tries + 1)); sleep 0.05 2>/dev/null || sleep 1; done
:
`
