import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { editRulesText } from '../../../modules/lib/iptables-file.ts'
import { NO_NAMES } from '../../../modules/lib/iptables-names.ts'
import { parseRule } from '../../../modules/lib/iptables-rule.ts'
import { editTable, parseTable, printTable, runningTable, type TableEdit } from '../../../modules/lib/iptables-table.ts'

const FILE = `# mine
*nat
:PREROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT DROP [12:34]
:web - [0:0]
[5:300] -A INPUT -i lo -j ACCEPT
# ssh
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A web -j RETURN
-A INPUT -j REJECT
COMMIT
# the end`
const rule = parseRule(['-p', 'udp', '-j', 'ACCEPT'], { version: 'ipv4', names: NO_NAMES })
const edited = (edit: TableEdit): readonly string[] => {
  const [before, after] = [FILE.split('\n'), editRulesText(FILE, 'filter', edit).split('\n')]
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.flatMap((line, index) => (before.includes(line) ? [] : [`${index}+ ${line}`])),
  ]
}

test.each<readonly [TableEdit, readonly string[]]>([
  [{ do: 'insert', chain: 'INPUT', at: 1, rule }, ['7+ -A INPUT -p udp -j ACCEPT']],
  [{ do: 'insert', chain: 'INPUT', at: 3, rule }, ['11+ -A INPUT -p udp -j ACCEPT']],
  [{ do: 'insert', chain: 'INPUT', at: 4, rule }, ['12+ -A INPUT -p udp -j ACCEPT']],
  [{ do: 'insert', chain: 'OUTPUT', at: 1, rule }, ['12+ -A OUTPUT -p udp -j ACCEPT']],
  [{ do: 'delete', chain: 'INPUT', at: 2 }, ['- -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT']],
  [{ do: 'policy', chain: 'INPUT', policy: 'ACCEPT' }, ['- :INPUT DROP [12:34]', '5+ :INPUT ACCEPT [12:34]']],
  [{ do: 'policy', chain: 'FORWARD', policy: 'DROP' }, ['7+ :FORWARD DROP [0:0]']],
  [{ do: 'create', chain: 'db' }, ['7+ :db - [0:0]']],
  [{ do: 'drop', chain: 'web' }, ['- :web - [0:0]', '- -A web -j RETURN']],
  [{ do: 'flush', chain: 'web' }, ['- -A web -j RETURN']],
])('%j', (edit, changes) => expect(edited(edit)).toEqual(changes))

const chain = fc.constantFrom('INPUT', 'OUTPUT', 'web')
const edit: fc.Arbitrary<TableEdit> = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), chain, at: fc.integer({ min: 1, max: 3 }), rule: fc.constant(rule) }),
  fc.record({ do: fc.constant('delete' as const), chain, at: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('flush' as const), chain }),
  fc.record({ do: fc.constant('policy' as const), chain: fc.constantFrom('INPUT', 'OUTPUT'), policy: fc.constantFrom('DROP', 'ACCEPT') }), // prettier-ignore
)

test('a change of the text is the change of the table', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
      const text = edits.reduce((lines, one) => editRulesText(lines, 'filter', one), FILE)
      const table = edits.reduce(editTable, runningTable(FILE, 'filter'))
      const rules = (chains: typeof table.chains) => Object.fromEntries(chains.map((one) => [one.name, one]))
      expect(rules(parseTable(text, 'filter')?.chains ?? [])).toEqual(rules(table.chains))
      expect(rules(runningTable(printTable(table), 'filter').chains)).toEqual(rules(table.chains))
      expect(text.startsWith('# mine\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n')).toBe(true)
    }),
  )
})
