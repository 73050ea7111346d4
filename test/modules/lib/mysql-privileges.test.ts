import { assert, constantFrom, dictionary, property, subarray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { privilegeShifts, shiftStatements, type Manner } from '../../../modules/lib/mysql-grants.ts'
import {
  foldColumns,
  shownPrivileges,
  wantedPrivileges,
  type Privileges,
} from '../../../modules/lib/mysql-privileges.ts'
import type { Json } from '../../../schema/infer.ts'

const wanted = (priv: Json): Privileges => {
  const found = wantedPrivileges(priv)
  if (typeof found === 'string') throw new Error(found)
  return foldColumns(found)
}
const listed = (privileges: Privileges): Record<string, readonly string[]> =>
  Object.fromEntries([...privileges].map(([about, names]) => [about, [...names]]))

describe('privileges', () => {
  it.each<[Json, Record<string, readonly string[]>]>([
    ['*.*:ALL,GRANT', { '*.*': ['ALL PRIVILEGES', 'GRANT OPTION'] }],
    ['shop.*:select, insert/*.*:PROCESS', { '`shop`.*': ['SELECT', 'INSERT'], '*.*': ['PROCESS'] }],
    ['`a/b:c`.`d.e`:SELECT', { '`a/b:c`.`d.e`': ['SELECT'] }],
    ['shop.t:SELECT(A, b),UPDATE', { '`shop`.`t`': ['SELECT (`a`)', 'SELECT (`b`)', 'UPDATE'] }],
    [
      { 'PROCEDURE shop.p': 'EXECUTE', 'shop\\_x.*': 'SELECT' },
      { 'PROCEDURE `shop`.`p`': ['EXECUTE'], '`shop\\_x`.*': ['SELECT'] },
    ],
    [{ 'shop.*': ['SELECT', 'REPLICATION CLIENT'] }, { '`shop`.*': ['SELECT', 'REPLICATION CLIENT'] }],
    ['*.*:USAGE', { '*.*': [] }],
  ])('are read from %j', (priv, expected) => {
    expect(listed(wanted(priv))).toEqual(expected)
  })

  it.each<[Json, RegExp]>([
    ['shop:SELECT', /write database\.table/],
    ['shop.*', /says nothing of what may be done/],
    ['shop.*:SELECT;DROP', /is no privilege/],
    [{ 'shop.*': '' }, /is no privilege/],
    ['*.*:REQUIRESSL', /is no privilege/],
  ])('are not read from %j', (priv, message) => {
    expect(wantedPrivileges(priv)).toMatch(message)
  })

  it('are read from what MariaDB shows', () => {
    const lines = [
      'GRANT `r` TO `a`@`%`',
      "GRANT PROCESS, BINLOG MONITOR ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227' WITH GRANT OPTION",
      'GRANT ALL PRIVILEGES ON `t`.* TO `a`@`%`',
      'GRANT SELECT (`User`, `Host`), INSERT ON `mysql`.`db` TO `a`@`%`',
      'GRANT EXECUTE ON PROCEDURE `t`.`p` TO `a`@`%`',
      'GRANT PROXY ON ``@`%` TO `root`@`localhost` WITH GRANT OPTION',
    ]
    expect(listed(shownPrivileges(lines))).toEqual({
      '*.*': ['PROCESS', 'REPLICATION CLIENT', 'GRANT OPTION'],
      '`t`.*': ['ALL PRIVILEGES'],
      '`mysql`.`db`': ['SELECT (`User`)', 'SELECT (`Host`)', 'INSERT'],
      'PROCEDURE `t`.`p`': ['EXECUTE'],
    })
  })

  it.each<[string, string, string, Manner, readonly string[], readonly string[]]>([
    ['nothing', '*.*:PROCESS', '*.*:PROCESS', 'exact', [], []],
    ['what lacks', 'a.*:SELECT', 'a.*:SELECT,INSERT', 'exact', [], ['GRANT INSERT ON `a`.* TO ?@?']],
    ['what is too much', 'a.*:SELECT,INSERT', 'a.*:SELECT', 'exact', [], ['REVOKE INSERT ON `a`.* FROM ?@?']],
    [
      'an object that is not asked for',
      'a.*:SELECT/b.*:SELECT',
      'a.*:SELECT',
      'exact',
      [],
      ['REVOKE SELECT ON `b`.* FROM ?@?'],
    ],
    ['nothing more than is asked for', 'b.*:SELECT', 'a.*:SELECT', 'append', [], ['GRANT SELECT ON `a`.* TO ?@?']],
    [
      'only what is there',
      'a.*:SELECT',
      'a.*:SELECT,INSERT/b.*:SELECT',
      'subtract',
      [],
      ['REVOKE SELECT ON `a`.* FROM ?@?'],
    ],
    ['a part of everything', 'a.*:ALL', 'a.*:SELECT', 'subtract', [], ['REVOKE SELECT ON `a`.* FROM ?@?']],
    [
      'all in place of some',
      'a.*:SELECT,GRANT',
      'a.*:ALL',
      'exact',
      [],
      ['REVOKE GRANT OPTION ON `a`.* FROM ?@?', 'GRANT ALL PRIVILEGES ON `a`.* TO ?@?'],
    ],
    [
      'some in place of all',
      'a.*:ALL,GRANT',
      'a.*:SELECT,GRANT',
      'exact',
      [],
      ['REVOKE ALL PRIVILEGES ON `a`.* FROM ?@?', 'GRANT SELECT ON `a`.* TO ?@?'],
    ],
    [
      'the option alone',
      'a.*:SELECT',
      'a.*:SELECT,GRANT',
      'exact',
      [],
      ['GRANT USAGE ON `a`.* TO ?@? WITH GRANT OPTION'],
    ],
    ['all as MySQL 8 shows it', '*.*:SELECT,INSERT,SUPER', '*.*:ALL', 'exact', ['SELECT', 'INSERT'], []],
  ])('change by %s', (_, has, wants, manner, every, statements) => {
    expect(privilegeShifts(wanted(has), wanted(wants), manner, every).flatMap(shiftStatements)).toEqual(statements)
  })

  it('are what is asked for after the shifts', () => {
    const names = subarray(['SELECT', 'INSERT', 'ALL', 'GRANT', 'UPDATE (`a`)'], { minLength: 1 })
    const some = dictionary(constantFrom('a.*', 'b.*', '*.*', 'a.t'), names).map((one) => wanted({ ...one }))
    assert(
      property(some, some, constantFrom<Manner>('exact', 'append', 'subtract'), (has, wants, manner) => {
        const after = new Map(has)
        for (const shift of privilegeShifts(has, wants, manner, [])) after.set(shift.about, new Set(shift.after))
        expect(privilegeShifts(after, wants, manner, [])).toEqual([])
      }),
    )
  })
})
