import { describe, expect, it } from 'vitest'
import mysqlUser from '../../../modules/database/mysql_user.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { accounts, grants, serverOf, type Account } from '../../../modules/facts/mysql-accounts.ts'
import { nativeHash } from '../../../modules/lib/mysql-password.ts'
import { wantedPrivileges } from '../../../modules/lib/mysql-privileges.ts'
import { sqlLoginOf } from '../../../modules/lib/sql-args.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'

const MARIADB = '10.11.19-MariaDB-0+deb12u1'
const PERCONA = '5.6.51-91.0-56'
const MYSQL = '8.0.36'
const DEFAULTS = { config_file: '~/.my.cnf', check_implicit_admin: false, connect_timeout: 30 }
const HOME = { uid: 0, gid: 0, owner: 'root', group: 'root', umask: '0022', home: '/root' }

const native = (host: string, password: string): Account => ({
  host,
  plugin: 'mysql_native_password',
  kept: nativeHash(password),
})

/** The statements of the plan, without those for the session; or why nothing is done. */
async function planned(args: JsonObject, version: string, there: readonly (readonly [Account, string])[]) {
  const files = new FakeHost([
    [creator(), HOME],
    [content('/root/.my.cnf'), null],
  ])
  const login = await sqlLoginOf(files, DEFAULTS)
  const known = { kind: 'known', server: serverOf(version), accounts: there.map(([account]) => account), every: [] }
  const host = new FakeHost([
    [creator(), HOME],
    [content('/root/.my.cnf'), null],
    [accounts(login, 'shop'), known],
    ...there.map(([{ host }, priv]) => [grants(login, 'shop', host), wantedPrivileges(priv)] as const),
  ])
  const plan = await planOf(mysqlUser, { name: 'shop', ...args }, host)
  if (plan.kind === 'refusal') return [plan.message]
  return plan.steps.flatMap(({ actions }) =>
    actions.flatMap((action) =>
      action.do === 'request' && action.request.protocol === 'mysql'
        ? action.request.statements
            .filter(({ sql }) => !sql.startsWith('SET SESSION'))
            .map(({ sql, values = [] }) => [sql, ...values].join(' | '))
        : [],
    ),
  )
}

describe('mysql_user', () => {
  const there = native('localhost', 'x')
  const secret = { password: 'x' }
  it.each<[string, JsonObject, string, readonly (readonly [Account, string])[], readonly string[]]>([
    ['makes a user', { ...secret, host: '%' }, MARIADB, [], ['CREATE USER ?@? IDENTIFIED BY ? | shop | % | x']],
    [
      'makes a user, then grants',
      { ...secret, priv: 'a.*:SELECT' },
      PERCONA,
      [],
      ['CREATE USER ?@? IDENTIFIED BY ? | shop | localhost | x', 'GRANT SELECT ON `a`.* TO ?@? | shop | localhost'],
    ],
    ['leaves one that is right', { ...secret, priv: 'a.*:SELECT' }, MARIADB, [[there, 'a.*:SELECT']], []],
    [
      'keeps other ways in of MariaDB’s users',
      { password: 'y' },
      MARIADB,
      [[there, '']],
      [`SET PASSWORD FOR ?@? = ? | shop | localhost | ${nativeHash('y')}`],
    ],
    [
      'sets passwords as Percona 5.6 takes them',
      { password: 'y' },
      PERCONA,
      [[there, '']],
      [`SET PASSWORD FOR ?@? = ? | shop | localhost | ${nativeHash('y')}`],
    ],
    [
      'sets passwords as MySQL 8 takes them',
      { password: 'y' },
      MYSQL,
      [[there, '']],
      ['ALTER USER ?@? IDENTIFIED BY ? | shop | localhost | y'],
    ],
    ['leaves a password if told to', { password: 'y', update_password: 'on_create' }, MARIADB, [[there, '']], []],
    [
      'gives the password that the name has elsewhere',
      { password: 'y', host: '%', update_password: 'on_new_username' },
      MARIADB,
      [[there, '']],
      [`CREATE USER ?@? IDENTIFIED BY PASSWORD ? | shop | % | ${nativeHash('x')}`],
    ],
    [
      'takes a hash',
      { password: nativeHash('y'), encrypted: true },
      MYSQL,
      [],
      [`CREATE USER ?@? IDENTIFIED WITH mysql_native_password AS ? | shop | localhost | ${nativeHash('y')}`],
    ],
    [
      'has a plugin let the user in',
      { plugin: 'unix_socket' },
      MARIADB,
      [[there, '']],
      ['ALTER USER ?@? IDENTIFIED VIA unix_socket | shop | localhost'],
    ],
    [
      'removes a user from all hosts',
      { state: 'absent', host_all: true },
      MARIADB,
      [
        [there, ''],
        [native('%', 'x'), ''],
      ],
      ['DROP USER ?@? | shop | localhost', 'DROP USER ?@? | shop | %'],
    ],
    ['knows that nobody is gone', { state: 'absent' }, MARIADB, [], []],
    [
      'refuses what are no privileges',
      { priv: 'a:SELECT' },
      MARIADB,
      [[there, '']],
      ['priv "a" is not what privileges are about: write database.table, database.* or *.*'],
    ],
  ])('%s', async (_, args, version, known, expected) => {
    expect(await planned(args, version, known)).toEqual(expected)
  })
})

it('reads versions', () => {
  expect(serverOf('5.5.5-10.4.1-MariaDB')).toEqual({ flavour: 'mariadb', version: [10, 4] })
  expect(serverOf(PERCONA)).toEqual({ flavour: 'mysql', version: [5, 6] })
})
