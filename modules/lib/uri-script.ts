import { placeFunctions } from './place-file.ts'
import { WRITE_OUT } from './web-answer.ts'

/**
 * $1 a file for the body, or nothing; $2 owner, $3 group and $4 mode for it; $5 the statuses with which it is written, each between blanks.
 * Standard input: curl's configuration, an empty line, and the body that is sent. Prints what `parseAnswer` takes and, where there is a file,
 * a line that says whether it was `changed` or stayed the `same`.
 */
export const URI_SCRIPT = `${placeFunctions}
command -v curl >/dev/null 2>&1 || { printf '\\n127 curl is missing'; exit; }
work=$(mktemp -d) || exit 1
config=
while IFS= read -r line && [ -n "$line" ]; do
  config="$config$line
"
done
if [ -n "$1" ]; then
  beside "$1"
  set -- "$@" --dump-header - --output "$t"
else set -- '' '' '' '' '' --include; fi
path=$1 owner=$2 group=$3 mode=$4 statuses=$5
shift 5
curl -q --config /dev/fd/4 "$@" --write-out '${WRITE_OUT}' 3<&0 4<<END >"$work/answer" 2>"$work/trouble"
$config
END
s=$?
cat "$work/answer"
printf '\\n%s %s' $s "$(tr '\\n' ' ' <"$work/trouble")"
[ -n "$path" ] && [ $s -eq 0 ] || exit 0
status=$(tail -n 1 "$work/answer")
case $statuses in *" \${status%% *} "*) ;; *) exit 0 ;; esac
if cmp -s "$t" "$path"; then printf '\\nsame'; exit; fi
place "$path" '' "$owner" "$group" "$mode" >/dev/null
printf '\\nchanged'
`
