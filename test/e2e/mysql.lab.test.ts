import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { modules } from '../../modules/index.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, troubles, workplace, type Report } from './drover.ts'

const password = 'it\'s "so" \\ secret'

const resultOf = ({ results }: Report, name: string): unknown => results.get(`${name} @ n1`)?.result

/** Two rows, of which the second may be one that is there. */
const two = (second: number, more: object = {}): object => ({
  name: 'two',
  ignore_errors: true,
  mysql_query: {
    login_db: 'shop',
    query: ['INSERT INTO q VALUES (1, %(word)s)', `INSERT INTO q VALUES (${second}, %(word)s)`],
    named_args: { word: "it's" },
    ...more,
  },
})

describe.skipIf(!labAvailable)('the mysql modules on a MariaDB server', () => {
  let lab: Lab
  let node: LabNode
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset('mariadb')
    await node.sh('systemctl start mariadb')
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await node.reset()
  })

  const run = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file('play.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }
  const sql = (text: string): Promise<string> => node.sh('mariadb -NB', { input: text })
  /** A check that predicts the run, and a second run that finds nothing to do. */
  const converges = async (tasks: readonly object[]): Promise<Report> => {
    const predicted = await run(tasks, '--check', '--diff')
    const done = await run(tasks, '--diff')
    const again = await run(tasks)
    for (const one of [predicted, done, again]) {
      expect(troubles(one)).toEqual([])
      expect(one.stdout + one.stderr).not.toContain('secret')
    }
    expect(outcomes(done)).toEqual(outcomes(predicted))
    expect(again.recap['n1']).toMatchObject({ changed: 0, failed: 0 })
    return done
  }

  it('make databases, and remove them', async () => {
    const made = await converges([
      { name: 'db', mysql_db: { name: ['shop', 'we`ird'], encoding: 'utf8mb4', collation: 'utf8mb4_bin' } },
    ])
    expect(resultOf(made, 'db')).toMatchObject({ db: 'shop we`ird', db_list: ['shop', 'we`ird'] })
    expect(await sql("select default_collation_name from information_schema.schemata where schema_name = 'shop'")).toBe(
      'utf8mb4_bin\n',
    )
    const other = await run([{ name: 'db', 'community.mysql.mysql_db': { name: 'shop', encoding: 'latin1' } }])
    expect(other.results.get('db @ n1')).toMatchObject({ outcome: 'ok' })
    await converges([{ name: 'db', mysql_db: { name: 'we`ird', state: 'absent' } }])
    expect(await sql('show databases')).not.toContain('we`ird')
    const own = await run([{ name: 'db', mysql_db: { name: 'mysql', state: 'absent' } }])
    expect(own.results.get('db @ n1')).toMatchObject({ outcome: 'failed' })
  })

  it('make users with privileges, take some away, change passwords, and remove users', async () => {
    const user = { name: 'shop', host: '%', password }
    await sql('create database if not exists shop; create table shop.t (a int, B int)')
    await converges([
      {
        name: 'user',
        mysql_user: { ...user, priv: 'shop.*:SELECT,INSERT,GRANT/*.*:REPLICATION CLIENT/shop.t:UPDATE(A,b)' },
      },
    ])
    const login = { login_user: 'shop', login_password: password, login_host: '127.0.0.1' }
    const seen = await run([
      { name: 'who', mysql_query: { ...login, query: 'SELECT current_user() AS me, 1 + 1 AS two' } },
    ])
    expect(resultOf(seen, 'who')).toMatchObject({
      query_result: [[{ me: 'shop@%', two: 2 }]],
      rowcount: [1],
      changed: false,
    })
    const grants = async (): Promise<string> => (await sql("show grants for shop@'%'")).replace(/IDENTIFIED.*'/, '')

    await converges([{ name: 'user', mysql_user: { ...user, priv: { 'shop.*': 'ALL' } } }])
    expect(await grants()).toBe('GRANT USAGE ON *.* TO `shop`@`%` \nGRANT ALL PRIVILEGES ON `shop`.* TO `shop`@`%`\n')
    await converges([{ name: 'user', mysql_user: { ...user, priv: 'shop.*:SELECT,DELETE' } }])
    await converges([{ name: 'user', mysql_user: { ...user, priv: '*.*:PROCESS,SUPER', append_privs: true } }])
    await converges([{ name: 'user', mysql_user: { ...user, priv: '*.*:SUPER', subtract_privs: true } }])
    expect(await grants()).toBe('GRANT PROCESS ON *.* TO `shop`@`%` \nGRANT SELECT, DELETE ON `shop`.* TO `shop`@`%`\n')
    await converges([{ name: 'user', mysql_user: { ...user, password: 'another secret' } }])
    await converges([{ name: 'user', mysql_user: { ...user, host: 'n1', update_password: 'on_new_username' } }])
    await run([{ mysql_query: { ...login, login_password: 'another secret', query: 'SELECT 1' } }]).then((one) =>
      expect(troubles(one)).toEqual([]),
    )
    await converges([{ name: 'user', mysql_user: { name: 'shop', host_all: true, state: 'absent' } }])
    expect(await sql("select count(*) from mysql.user where user = 'shop'")).toBe('0\n')
  })

  it('set the password of root, and leave it the way in that it has', async () => {
    const root = { name: 'root', mysql_user: { name: 'root', password, config_file: '/root/absent' } }
    await converges([root])
    expect(await sql('show grants')).toContain('unix_socket')
    const tcp = { login_user: 'root', login_password: password, login_host: '127.0.0.1' }
    expect(troubles(await run([{ mysql_query: { ...tcp, query: 'SELECT 1' } }]))).toEqual([])
    await node.sh('umask 077; cat >/root/.my.cnf', {
      input: `[client]\nuser=root\nhost=127.0.0.1\npassword="${password.replace('\\', '\\\\')}"\n`,
    })
    expect(troubles(await run([{ mysql_query: { query: 'SELECT 1' } }]))).toEqual([])
    await node.sh('rm /root/.my.cnf')
    const denied = await run([
      { name: 'denied', mysql_query: { ...tcp, login_password: 'a wrong one', query: 'SELECT 1' } },
    ])
    expect(denied.results.get('denied @ n1')?.message).toContain('does not let root in')
    expect(denied.stdout + denied.stderr).not.toContain('a wrong one')
  })

  it('query in one transaction, and tell what changed', async () => {
    await sql('create or replace table shop.q (a int primary key, b varchar(9))')
    const count = { name: 'count', mysql_query: { login_db: 'shop', query: 'SELECT count(*) AS n FROM q' } }
    const failed = await run([two(1, { single_transaction: true }), count])
    expect(failed.results.get('two @ n1')).toMatchObject({ outcome: 'failed' })
    expect(resultOf(failed, 'count')).toMatchObject({ query_result: [[{ n: 0 }]] })
    const unknown = await run([two(2), count], '--check')
    expect(unknown.results.get('two @ n1')).toMatchObject({ outcome: 'unknown' })
    const done = await run([two(2, { single_transaction: true }), count])
    expect(resultOf(done, 'two')).toMatchObject({ changed: true, rowcount: [1, 1] })
    expect(resultOf(done, 'count')).toMatchObject({ changed: false, query_result: [[{ n: 2 }]] })
    const none = await run([
      {
        name: 'none',
        mysql_query: {
          query: ['UPDATE shop.q SET b = %s WHERE a = %s', 'DELETE FROM shop.q WHERE b = %s AND a = %s'],
          positional_args: ['x', 99],
        },
      },
    ])
    expect(resultOf(none, 'none')).toMatchObject({ changed: false, rowcount: [0, 0] })
  })

  it('dump databases, and read dumps, with all that a password may hold', async () => {
    const keeper = 'a "b\' \\n\tc#'
    await sql(
      "create or replace database kept; create table kept.t (a int, b blob); insert into kept.t values (1, x'00ff')",
    )
    await sql('create or replace user keeper@localhost; grant all on *.* to keeper@localhost')
    const user = { name: 'user', mysql_user: { name: 'keeper', host: 'localhost', password: keeper } }
    const login = { login_user: 'keeper', login_password: keeper }
    const dump = (name: string, target: string, more: object = {}): object => ({
      name: 'dump',
      mysql_db: { name, state: 'dump', target, ...login, ...more },
    })
    const target = "/var/backups/it's kept.sql.gz"
    expect(troubles(await run([user]))).toEqual([])
    const dumped = [dump('kept', target, { hex_blob: true, dump_extra_args: "--where 'a = 1'" })]
    const predicted = await run(dumped, '--check')
    expect((await node.ssh(`test -e "${target}"`)).status).toBe(1)
    const done = await run(dumped)
    expect([predicted, done].flatMap(troubles)).toEqual([])
    expect(outcomes(done)).toEqual(outcomes(predicted))
    expect(await node.sh(`zcat "${target}"; stat -c %a "${target}"`)).toMatch(/0x00FF[^]*-- Dump completed[^]*\n644\n$/)

    const before = await node.sh(`sha256sum "${target}"`)
    const failed = await run([{ ...dump('kept', target, { dump_extra_args: '--no-such-thing' }), ignore_errors: true }])
    expect(failed.results.get('dump @ n1')).toMatchObject({ outcome: 'failed' })
    expect(failed.results.get('dump @ n1')?.message).toContain('no-such-thing')
    expect(await node.sh(`sha256sum "${target}"; ls -A /var/backups | grep drover || true`)).toBe(before)

    const copy = { name: 'import', mysql_db: { name: 'copy', state: 'import', target, ...login } }
    const imported = await run([copy])
    expect(troubles(imported)).toEqual([])
    expect(await sql('select a, hex(b) from copy.t')).toBe('1\t00FF\n')
    expect(done.stdout + imported.stdout + failed.stdout).not.toContain('tc#')

    const whole = [
      { ...dump('all', '/var/backups/all.sql'), name: 'all' },
      { name: 'gone', mysql_db: { name: ['kept', 'copy'], state: 'absent' } },
      { name: 'back', mysql_db: { name: 'all', state: 'import', target: '/var/backups/all.sql', ...login } },
    ]
    expect(troubles(await run(whole))).toEqual([])
    expect(await sql('select count(*) from kept.t')).toBe('1\n')
    const refused = [
      [dump('never', '/var/backups/x'), 'there is no database never to dump'],
      [dump('kept', '/var/backups'), '/var/backups is a directory, not a file'],
      [
        { name: 'dump', mysql_db: { name: 'x', state: 'import', target: '/absent' } },
        '/absent does not exist on the host',
      ],
      [{ name: 'dump', mysql_db: { name: 'all' } }, 'the name all stands alone, and only for a dump or an import'],
    ] as const
    for (const [task, message] of refused)
      expect((await run([task])).results.get('dump @ n1')).toMatchObject({ outcome: 'failed', message })
  })

  it('do what the examples of their documentation say, and do it once', async () => {
    await sql('create database if not exists shop; create or replace table shop.orders (id int)')
    const examples = modules.flatMap((module) =>
      module.examples
        .filter(({ needs }) => needs === 'a database server')
        .map(({ title, task }) => ({ name: title, vars: { shop_password: password }, ...(parse(task) as object) })),
    )
    expect(examples.length).toBeGreaterThan(6)
    const done = await run(examples)
    expect(troubles(done)).toEqual([])
    const again = await run(examples)
    expect(troubles(again)).toEqual([])
    // Statements that write always act.
    const acted = [...again.results].filter(([, { outcome }]) => outcome === 'changed').map(([task]) => task)
    expect(acted.toSorted()).toEqual(['A dump that is read @ n1', 'A dump, compressed @ n1', 'Two rows, or none @ n1'])
  })

  it('set variables, and say of a stopped server that a check cannot know', async () => {
    const variable = { name: 'set', mysql_variables: { variable: 'max_connections', value: '99' } }
    await converges([variable])
    const read = await run([{ name: 'read', mysql_variables: { variable: 'max_connections' } }])
    expect(resultOf(read, 'read')).toMatchObject({ msg: '99', changed: false })
    const kept = await run([
      { name: 'set', mysql_variables: { variable: 'max_connections', value: '9', mode: 'persist' } },
    ])
    expect(kept.results.get('set @ n1')?.message).toContain('Only MySQL 8 and later')

    await node.sh('systemctl stop mariadb')
    const start = { name: 'start', systemd: { name: 'mariadb', state: 'started' } }
    const alone = await run([variable], '--check')
    expect(alone.results.get('set @ n1')).toMatchObject({ outcome: 'failed' })
    const after = await run([start, variable], '--check')
    expect(after.results.get('set @ n1')).toMatchObject({ outcome: 'unknown' })
    expect(troubles(await run([start, variable]))).toEqual([])
  })
})
