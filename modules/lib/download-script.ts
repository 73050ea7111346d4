import { placeFunctions } from './place-file.ts'

/**
 * $1 the file, $2 a directory for the temporary one or nothing, $3 `backup` or nothing, $4 owner, $5 group, $6 mode, $7 an algorithm and $8 the
 * digest that the file must have, or nothing, $9 `curl` where only it knows what is asked. Standard input: the url, an empty line, curl's
 * configuration. Prints, each on a line: the status, the size, the old file's SHA-1, the new one's, MD5, what came of it, and the backup's name.
 */
export const DOWNLOAD_SCRIPT = `${placeFunctions}
path=$1 tmp=$2 backup=$3 owner=$4 group=$5 mode=$6 algorithm=$7 wanted=$8 needs=$9
IFS= read -r url; IFS= read -r timeout; IFS= read -r insecure; IFS= read -r _
digest() { # ALGORITHM: of standard input
  if command -v openssl >/dev/null 2>&1; then openssl dgst "-$1" -r; elif command -v "$1sum" >/dev/null 2>&1; then "$1sum"; else shasum -a "\${1#sha}"; fi
}
sum() { d=$(digest "$1" <"$2" 2>/dev/null); printf %s "\${d%% *}"; }
[ -d "\${path%/*}/" ] || die "Destination \${path%/*} does not exist"
beside "$path"
if command -v curl >/dev/null 2>&1; then
  status=$(curl -q --config - --output "$t" --write-out '%{http_code}') || die 'Request failed'
elif [ "$needs" = curl ]; then die 'this needs curl on the host: install it first (package: { name: curl })'
elif command -v wget >/dev/null 2>&1; then
  wget -q -T "$timeout" $insecure -O "$t" -- "$url" || die "Request failed: wget ended with status $?"
  status=200
else die 'this needs curl or wget on the host: install one of them first (package: { name: curl })'; fi
case $status in 2??|000) ;; *) printf '%s\\n' "$status"; die "Request failed: HTTP Error $status" ;; esac
if [ -n "$wanted" ]; then
  got=$(sum "$algorithm" "$t")
  [ "$got" = "$wanted" ] || die "The checksum for $path did not match $wanted; it was $got."
fi
before=
[ ! -f "$path" ] || before=$(sum sha1 "$path")
after=$(sum sha1 "$t")
printf '%s\\n%s\\n%s\\n%s\\n%s\\n' "$status" "$(wc -c <"$t" | tr -d ' ')" "$before" "$after" "$(sum md5 "$t")"
if [ "$before" = "$after" ]; then echo same; exit; fi
echo changed
place "$path" "$backup" "$owner" "$group" "$mode"
`

/** What the script printed. */
export interface Downloaded {
  readonly status: number
  readonly size: number
  readonly before: string | null
  readonly after: string
  readonly md5: string | null
  readonly changed: boolean
  readonly backup: string | null
}

export function parseDownload(output: string): Downloaded | null {
  const [status = '', size, before, after, md5, done, backup] = output.split('\n')
  if (done === undefined) return null
  return {
    status: Number(status),
    size: Number(size),
    before: before || null,
    after: after ?? '',
    md5: md5 || null,
    changed: done === 'changed',
    backup: backup || null,
  }
}
