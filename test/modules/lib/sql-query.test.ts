import { describe, expect, it } from 'vitest'
import { changedBy, queriesOf, readsOnly, typedRows } from '../../../modules/lib/sql-query.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'

describe('a query', () => {
  it.each<[JsonObject & { readonly query: Json }, unknown]>([
    [{ query: 'SELECT 1;' }, [{ sql: 'SELECT 1' }]],
    [{ query: "SELECT '100%s?'" }, [{ sql: "SELECT '100%s?'" }]],
    [
      { query: ['SELECT %s', "SELECT %s, '5%%'"], positional_args: ['a'] },
      [
        { sql: 'SELECT ?', values: ['a'] },
        { sql: "SELECT ?, '5%'", values: ['a'] },
      ],
    ],
    [
      { query: 'SELECT %(b)s, %(a)s, %(b)s', named_args: { a: null, b: true } },
      [{ sql: 'SELECT ?, ?, ?', values: [1, null, 1] }],
    ],
    [{ query: 'SELECT %s, %s', positional_args: [1] }, 'there are more %s in the query than positional_args'],
    [{ query: 'SELECT 1', positional_args: [1] }, 'there are fewer %s in the query than positional_args'],
    [{ query: 'SELECT %(c)s', named_args: { a: 1 } }, 'named_args has no c'],
    [{ query: 'SELECT ?, %s', positional_args: [1] }, expect.stringContaining('may not hold a question mark')],
    [{ query: 'SELECT %s', positional_args: [[1]] }, expect.stringContaining('an argument must be text')],
    [{ query: [' '] }, expect.stringContaining('query must be a statement')],
    [{ query: [] }, 'query names no statement'],
  ])('%j becomes %j', (args, expected) => {
    expect(queriesOf(args)).toEqual(expected)
  })

  it.each([
    ['SELECT 1', true],
    ['-- a remark\n/* and */ (select 1) union (select 2)', true],
    ['SHOW STATUS', true],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", false],
    ['SELECT 1; DROP DATABASE shop', false],
    ['SELECT_ME', false],
    ['INSERT INTO t VALUES (1)', false],
    ['/*!50000 DROP TABLE t */', false],
  ])('%j only reads: %j', (sql, expected) => {
    expect(readsOnly(sql)).toBe(expected)
  })

  it.each([
    ['INSERT INTO t VALUES (1)', 1, 0, true],
    ['DELETE FROM t', 0, 0, false],
    ['CREATE TABLE t (a int)', 0, 0, true],
    ['CREATE DATABASE IF NOT EXISTS t', 1, 1, false],
    ['CREATE DATABASE IF NOT EXISTS t', 1, 0, true],
    ['SET GLOBAL x = 1', 0, 0, true],
    ['SET @x = 1', 0, 0, false],
    ['GRANT SELECT ON a.* TO b', 0, 0, true],
  ])('%j with %i rows and %i warnings changed: %j', (sql, affected, warnings, expected) => {
    expect(changedBy(sql, { rows: [], numeric: [], affected, warnings })).toBe(expected)
  })

  it('gives numbers where they can be kept', () => {
    const row = { a: '1', b: '1', c: '9007199254740993', d: null, e: '1.5' }
    expect(typedRows({ rows: [row], numeric: ['a', 'c', 'd', 'e'], affected: 0, warnings: 0 })).toEqual([
      { ...row, a: 1, e: 1.5 },
    ])
  })
})
