import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** $1: who; empty for the user that asks. */
const script = `crontab_of() {
  command -v crontab >/dev/null 2>&1 || { echo none; return; }
  if text=$(crontab -l \${1:+-u "$1"} 2>&1 && echo .); then printf 'text\\n%s\\n' "\${text%.}"
  else
    case $text in *[Nn]o\\ crontab* | *"can't open"*) echo empty ;; *) printf 'error\\n%s\\n' "$text" ;; esac
  fi
}
`

const fact = defineFact<string, string>({
  name: 'crontab',
  script: (users) => script + users.map((user) => `crontab_of ${quote(user)}\n`).join(''),
  parse(raw, user) {
    const text = raw.toString()
    const code = text.slice(0, text.indexOf('\n'))
    const rest = text.slice(code.length + 1, -1)
    if (code === 'text') return rest
    if (code === 'empty') return ''
    if (code === 'none') throw new UnreadableFact('this host has no crontab: install cron or cronie')
    throw new UnreadableFact(`cannot read the crontab of ${user || 'the user'}: ${rest.trim()}`)
  },
  touchedBy: (path) => path.startsWith('/var/spool/cron/') || path.startsWith('/etc/crontabs/'),
})

/** A user's crontab; empty for the user that the task runs as. */
export const crontab = (user: string) => fact(user)
