import type { SqlLogin } from '../facts/galera-node.ts'
import type { ScriptAction } from '../step.ts'
import { placeFunctions } from './place-file.ts'

/**
 * What both scripts begin with. $1 the dump, $2 `gz`, `bz2`, `xz`, `zst` or nothing, $3 `implicit` where root may log in without a password, $4 how
 * many addresses follow: a socket and nothing, or a host and a port; then the program's own words. Standard input: who logs in, as an option file
 * that no other user reads. Sets `$path`, `$by` and `$options`.
 */
const begin = `${placeFunctions}
path=$1 compression=$2 implicit=$3 addresses=$4; shift 4
case $compression in gz) by=gzip ;; bz2) by=bzip2 ;; xz) by=xz ;; zst) by=zstd ;; *) by=cat ;; esac
command -v $by >/dev/null 2>&1 || die "this needs $by on the host: install it first"
client=$(command -v mariadb || command -v mysql) && dump=$(command -v mariadb-dump || command -v mysqldump) ||
  die 'this needs the client programs of the database on the host, mariadb and mariadb-dump or mysql and mysqldump: install them first'
work=$(mktemp -d) || exit 1
options=$work/options
cat >"$options"
printf '[client]\\nuser=root\\n' >"$work/implicit"
at=
while [ "$addresses" -gt 0 ]; do
  if [ -z "$at" ]; then
    if [ -n "$2" ]; then at=$1; printf 'protocol=tcp\\nhost="%s"\\nport=%s\\n' "$1" "$2" >"$work/at"
    elif [ -S "$1" ]; then at=$1; printf 'socket="%s"\\n' "$1" >"$work/at"; fi
  fi
  addresses=$((addresses - 1)); shift 2
done
[ -n "$at" ] || die 'the server has no socket here: is it running? Else set login_unix_socket or login_host'
cat "$work/at" >>"$options"; cat "$work/at" >>"$work/implicit"
if [ -n "$implicit" ] && "$client" --defaults-file="$work/implicit" -e 'DO 0' >/dev/null 2>&1; then options=$work/implicit; fi
`

const DUMP = `${begin}
beside "$path"
{ "$dump" --defaults-file="$options" "$@" || : >"$work/failed"; } | $by >"$t" && [ ! -e "$work/failed" ] || exit 1
place "$path" '' '' '' ''
`

const IMPORT = `${begin}
[ $by = cat ] || by="$by -dc"
{ $by <"$path" || : >"$work/failed"; } | "$client" --defaults-file="$options" "$@" && [ ! -e "$work/failed" ] || exit 1
`

/** The action that writes a dump of databases to a file of the host, or reads one; `words` are the program's own. */
export function dumpAction(
  direction: 'dump' | 'import',
  target: string,
  login: SqlLogin,
  words: readonly string[],
): ScriptAction {
  const addresses = login.addresses.flatMap((address) =>
    address.kind === 'unix' ? [address.path, ''] : [address.host, String(address.port)],
  )
  const [, compression = ''] = /\.(gz|bz2|xz|zst)$/.exec(target) ?? []
  return {
    do: 'sh',
    title: direction === 'dump' ? `dump to ${target}` : `import ${target}`,
    script: direction === 'dump' ? DUMP : IMPORT,
    args: [
      target,
      compression,
      login.implicitAdmin === true ? 'implicit' : '',
      String(login.addresses.length),
      ...addresses,
      ...words,
    ],
    stdin: Buffer.from(optionFile(login)),
  }
}

/** https://dev.mysql.com/doc/refman/8.0/en/option-files.html: quotes around a value are taken off, a backslash begins an escape. */
function optionFile({ user, password }: Pick<SqlLogin, 'user' | 'password'>): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const quoted = (value: string): string => `"${value.replaceAll(/[\\\n\r\t]/g, (found) => escapes[found] ?? found)}"`
  return [
    '[client]',
    `user=${quoted(user)}`,
    ...(password === undefined ? [] : [`password=${quoted(password)}`]),
    '',
  ].join('\n')
}
