import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileExpression } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { scopeOf } from './scope.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'drover-lookups-'))
  const ini = '; comment\n[global]\nkey=glob\n[main]\nuser = bob\nPass : p=x\nmulti = a\n  b\nempty =\n'
  writeFileSync(join(directory, 'a.ini'), ini)
  writeFileSync(join(directory, 'a.properties'), 'x=1\ny = two\n')
  writeFileSync(join(directory, 'a.csv'), 'name,uid,home\nbob,1000,/home/bob\nal,"10,""1""",/h\n')
  writeFileSync(join(directory, 't.csv'), 'name\tuid\nbob\t1\n')
  writeFileSync(join(directory, 'sealed'), '$ANSIBLE_VAULT;1.1;AES256\n3333\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const groups = { all: ['w1', 'w2', 'db1'], web: ['w1', 'w2'], db: ['db1'] }
const evaluate = (source: string): unknown =>
  compileExpression(source).evaluate(scopeOf({ groups, dir: directory, ansible_user: 'ops' }, [directory]))

describe('rows and sections are those that Ansible finds', () => {
  test.each([
    ["lookup('ini', 'user section=main file=a.ini')", 'bob'],
    ["lookup('ini', 'pass', section='main', file='a.ini')", 'p=x'],
    ["lookup('ini', 'Pass', section='main', file='a.ini', case_sensitive=true)", 'p=x'],
    ["lookup('ini', 'key', file='a.ini')", 'glob'],
    ["lookup('ini', 'nope', file='a.ini')", ''],
    ["lookup('ini', 'nope', section='main', file='a.ini', default='D')", 'D'],
    ["lookup('ini', 'multi', section='main', file='a.ini')", 'a\nb'],
    ["lookup('ini', 'y', type='properties', file='a.properties')", 'two'],
    ["query('ini', '.*', section='main', file='a.ini', re=true)", ['bob', 'p=x', 'a\nb', '']],
    ["lookup('csvfile', 'bob file=a.csv delimiter=,')", '1000'],
    ["lookup('csvfile', 'bob', file='a.csv', delimiter=',', col=2)", '/home/bob'],
    ["lookup('csvfile', 'bob', file='t.csv')", '1'],
    ["lookup('csvfile', 'al', file='a.csv', delimiter=',')", '10,"1"'],
    ["lookup('csvfile', 'nope', file='a.csv', delimiter=',')", []],
    ["lookup('csvfile', '/h', file='a.csv', delimiter=',', keycol=2, col=0)", 'al'],
    ["lookup('csvfile', 'nope', file='a.csv', delimiter=',', default='D')", 'D'],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value)
  })
  test.each([
    ["lookup('ini', 'x', section='nosuch', file='a.ini')", "there is no section 'nosuch'"],
    ["lookup('ini', 'x', sektion='main', file='a.ini')", 'there is no option "sektion"'],
    ["lookup('ini', 'x', file='none.ini')", 'there is no file "none.ini"'],
    ["lookup('config', 'NOPE')", "there is no setting 'NOPE'"],
    ["lookup('password', '/dev/null', chars='')", 'no characters'],
  ])('%s fails', (source, message) => {
    expect(() => evaluate(source)).toThrow(message)
  })
})

describe('passwords', () => {
  test.each([
    // What Ansible makes of the same seeds.
    ["lookup('password', '/dev/null', seed='host1')", '.FxC8RS71Bo:2EJEIe:e'],
    [
      "lookup('password', '/dev/null', seed='host1', length=30, chars=['ascii_letters', 'digits'])",
      'Fp5lTWVo2EvwD9Z5An0hYGM7ONPBZ1',
    ],
    ["lookup('password', '/dev/null chars=ascii_letters,digits,hexdigits,punctuation seed=1')", '99f%o3`WLaea4C@24D%2'],
    ["lookup('password', '/dev/null', seed='host1', length=5, chars=['x,y', 'abc'])", 'a,,cc'],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toBe(value)
  })
  test('are kept in a file, with the salt of their hash', () => {
    const hash = evaluate("lookup('password', dir ~ '/deep/pw length=5 chars=a encrypt=sha256_crypt')")
    expect(hash).toMatch(/^\$5\$[./\w]{16}\$[./\w]{43}$/)
    expect(evaluate("lookup('password', dir ~ '/deep/pw encrypt=sha256_crypt')")).toBe(hash)
    expect(evaluate("lookup('password', dir ~ '/deep/pw')")).toBe('aaaaa')
    expect(readFileSync(join(directory, 'deep/pw'), 'utf8')).toMatch(/^aaaaa salt=\S{16}\n$/)
    expect(statSync(join(directory, 'deep/pw')).mode & 0o777).toBe(0o600)
  })
  test('are hashed with bcrypt as its own test vectors say', () => {
    expect(evaluate("'U*U' | password_hash('bcrypt', 'CCCCCCCCCCCCCCCCCCCCC.', rounds=5, ident='2a')")).toBe(
      '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    )
  })
})

describe('what the run knows', () => {
  test.each([
    ["query('inventory_hostnames', 'all')", ['w1', 'w2', 'db1']],
    ["query('inventory_hostnames', 'web:!w1')", ['w2']],
    ["query('inventory_hostnames', 'w*:&web,db')", ['w1', 'w2']],
    ["query('inventory_hostnames', 'nope')", []],
    ["lookup('config', 'DEFAULT_FORKS')", 5],
    ["lookup('config', 'DEFAULT_REMOTE_USER')", 'ops'],
    ["query('config', 'NOPE', on_missing='skip')", []],
    ["lookup('fileglob', 'nope*')", []],
    ["(dir ~ '/*.csv') | fileglob | map('basename') | list", ['a.csv', 't.csv']],
    ["(dir ~ '/sealed') is vaulted_file and (dir ~ '/a.ini') is not vaulted_file", true],
    ["dir is mount or '/' is not mount", false],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value)
  })
  test('what the machine refuses is an error of the template', () => {
    expect(() => evaluate("'/no/such/file' is vaulted_file")).toThrow(TemplateError)
    expect(() => evaluate("'%zz' | urldecode")).toThrow(TemplateError)
  })
})

test('url fetches lines, and says what went wrong', async () => {
  const server = spawn(process.execPath, [
    '--eval',
    `require('node:http').createServer((q, s) => {
      s.statusCode = q.url === '/gone' ? 410 : 200
      s.end('a\\nb ' + (q.headers.authorization ?? '') + '\\n')
    }).listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)) })`,
  ])
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer]
    const base = `http://127.0.0.1:${port.toString()}`
    expect(evaluate(`query('url', '${base}/x', username='u', password='p')`)).toEqual(['a', 'b Basic dTpw'])
    expect(evaluate(`lookup('url', '${base}/x', split_lines=false)`)).toBe('a\nb \n')
    expect(() => evaluate(`lookup('url', '${base}/gone')`)).toThrow('HTTP 410 Gone')
  } finally {
    server.kill()
  }
})
