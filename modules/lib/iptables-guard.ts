import type { IpVersion } from './iptables-names.ts'
import { parseRule, type Dialect, type Rule } from './iptables-rule.ts'
import { editTable, editWords, printTable, type Table, type TableEdit } from './iptables-table.ts'
import { commandLine } from './quote.ts'
import type { Action, Confirmation } from '../step.ts'

/** Targets that never keep a packet from where it goes. */
const HARMLESS = new Set(['ACCEPT', 'LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'DSCP', 'TOS', 'TCPMSS', 'TEE', 'SET'])

/**
 * Whether changes may cut the connection that they are made over, or keep a new one out: everything may that is not known to let more
 * through than before, to be about packets that are only passed on, or about another protocol than TCP.
 */
export function mayCut(table: Table, edits: readonly TableEdit[], dialect: Dialect): boolean {
  let now = table
  const inserted: Rule[] = []
  return edits.some((edit) => {
    const before = now
    now = editTable(now, edit)
    const chain = before.chains.find(({ name }) => name === edit.chain)
    switch (edit.do) {
      case 'create':
      case 'drop':
        return false
      case 'policy':
        return edit.policy !== 'ACCEPT' && edit.chain !== 'FORWARD'
      case 'insert':
        inserted.push(edit.rule)
        return edit.chain !== 'FORWARD' && isTcp(edit.rule) && !HARMLESS.has(edit.rule.target?.name ?? 'ACCEPT')
      case 'delete': {
        const words = chain?.rules[edit.at - 1] ?? []
        // What was only moved was not in force where it stood.
        return edit.chain !== 'FORWARD' && inserted.length === 0 && opens(parseRule(words, dialect))
      }
      case 'flush':
        return edit.chain !== 'FORWARD' && (table.name === 'nat' || chain?.policy !== 'ACCEPT')
    }
  })
}

const isTcp = ({ base }: Rule): boolean =>
  base.every(({ name, negated, values }) => name !== '-p' || negated || values[0] === 'tcp')

/** Whether a connection may need the rule. */
const opens = (rule: Rule): boolean =>
  isTcp(rule) && rule.target !== null && !['DROP', 'REJECT', 'LOG'].includes(rule.target.name)

const programOf = (version: IpVersion): string => (version === 'ipv6' ? 'ip6tables' : 'iptables')

/** The command line of one change. */
export function editArgv(version: IpVersion, table: string, edit: TableEdit, options: EditOptions): readonly string[] {
  const wait = options.wait === undefined ? ['-w'] : ['-w', options.wait]
  const counters =
    edit.do === 'insert' && options.counters !== undefined ? ['-c', ...options.counters.split(/[\s,]+/)] : []
  return [programOf(version), ...wait, '-t', table, ...editWords(edit), ...counters]
}
export interface EditOptions {
  readonly wait: string | undefined
  readonly counters: string | undefined
}

/** Where a change that waits to be confirmed keeps what it needs: one at a time. */
const DIRECTORY = '/run/drover-packet-filter'

/*
 * $1 directory, $2 seconds, $3 iptables or ip6tables, $4 table, $5 the table's rules where nothing prints any, then command lines.
 * A process of its own restores the old rules unless it is confirmed in time: whoever renames `armed` first, decides. A change that
 * fails is undone at once.
 */
const GUARDED = `
PATH=$PATH:/usr/sbin:/sbin
dir=$1 seconds=$2 program=$3 table=$4 empty=$5; shift 5
umask 077
if ! mkdir "$dir" 2>/dev/null; then
  pid=$(cat "$dir/pid" 2>/dev/null)
  if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
    echo "another change of the packet filter waits to be confirmed (process $pid): try again in a moment" >&2; exit 1
  fi
  rm -rf "$dir"; mkdir "$dir" || exit 1
fi
"$program-save" -c -t "$table" >"$dir/rules" || { rm -rf "$dir"; exit 1; }
grep -q '^\\*' "$dir/rules" || printf '%s' "$empty" >"$dir/rules"
"$program-restore" -c --test <"$dir/rules" || { rm -rf "$dir"; exit 1; }
: >"$dir/armed"
setsid /bin/sh -c '
dir=$1 left=$2 program=$3
echo $$ >"$dir/pid"
sleep "$left"
mv "$dir/armed" "$dir/undoing" 2>/dev/null || exit 0
"$program-restore" -w -c <"$dir/rules" || "$program-restore" -c <"$dir/rules"
rm -rf "$dir"
' sh "$dir" "$seconds" "$program" </dev/null >/dev/null 2>&1 &
while [ ! -s "$dir/pid" ]; do kill -0 $! 2>/dev/null || [ -s "$dir/pid" ] || { echo "cannot start what would restore the rules" >&2; rm -rf "$dir"; exit 1; }; done
for line do
  eval "$line" && continue
  status=$?
  if mv "$dir/armed" "$dir/undoing" 2>/dev/null; then
    kill -- "-$(cat "$dir/pid")" 2>/dev/null
    "$program-restore" -c <"$dir/rules"
    rm -rf "$dir"
  fi
  exit $status
done
`

/* $1 directory. */
const CONFIRM = `
if mv "$1/armed" "$1/confirmed" 2>/dev/null; then
  kill -- "-$(cat "$1/pid")" 2>/dev/null
  rm -rf "$1"
else echo 'too late: the host had restored the old rules' >&2; exit 1; fi
`

export interface Guarded {
  readonly actions: readonly Action[]
  readonly confirm?: Confirmation
}

/** The actions that make changes: plain ones, or where they may cut the connection, watched over by the host until confirmed. */
export function editActions(
  table: Table,
  edits: readonly TableEdit[],
  dialect: Dialect,
  options: EditOptions & { readonly timeout: number },
): Guarded {
  const commands = edits.map((edit) => editArgv(dialect.version, table.name, edit, options))
  if (!mayCut(table, edits, dialect)) return { actions: commands.map((argv) => ({ do: 'run', argv })) }
  const empty = printTable({ ...table, chains: table.chains.map((chain) => ({ ...chain, rules: [] })) })
  return {
    actions: [
      {
        do: 'sh',
        title: `change the packet filter (${commands.map((argv) => commandLine(argv)).join('; ')})`,
        script: GUARDED,
        args: [
          DIRECTORY,
          String(options.timeout),
          programOf(dialect.version),
          table.name,
          empty,
          ...commands.map(commandLine),
        ],
      },
    ],
    confirm: {
      within: options.timeout,
      actions: [{ do: 'sh', title: 'confirm the change of the packet filter', script: CONFIRM, args: [DIRECTORY] }],
    },
  }
}
