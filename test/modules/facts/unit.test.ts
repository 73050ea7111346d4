import { expect, test } from 'vitest'
import { UnreadableFact } from '../../../modules/fact.ts'
import { parseInitScript } from '../../../modules/facts/init-script.ts'
import { parseUnit, splitUnits, touchedBy, unit } from '../../../modules/facts/unit.ts'

const SHOW = `Id=ssh.service
LoadState=loaded
ActiveState=active

Id=nosuch.service
LoadState=not-found
ActiveState=inactive

Id=getty@tty1.service
LoadState=loaded
ActiveState=inactive
Conflicts=rescue.service shutdown.target

`
const NAMES = ['ssh.service', 'nosuch.service', 'getty@tty1.service']

test('one process for all units, cut into what each alone gives', () => {
  const pieces = splitUnits(Buffer.from(SHOW), NAMES)
  expect(pieces.map((piece, index) => parseUnit(piece.toString(), NAMES[index] ?? '')['LoadState'])).toEqual([
    'loaded',
    'not-found',
    'loaded',
  ])
  expect(splitUnits(pieces[2] ?? Buffer.alloc(0), ['getty@tty1.service'])).toEqual([pieces[2]])
  expect(Buffer.concat(pieces).toString()).toBe(SHOW)
  expect(
    unit('a.service')
      .kind.script(['a.service', 'b.service'])
      .match(/systemctl/g),
  ).toHaveLength(1)
})

test('a template cannot be shown, only asked for', () => {
  const script = unit('a@.service').kind.script(['a.service', 'a@.service', 'b.service'])
  expect(script).toMatch(/show [^\n]* a\.service[\s\S]*is-enabled -- a@\.service[\s\S]*show [^\n]* b\.service/)
})

test('what systemctl cannot say is no unit that is missing', () => {
  const [piece] = splitUnits(Buffer.from('Failed to connect to bus: Host is down\n'), ['a.service', 'b.service'])
  expect(() => parseUnit(piece?.toString() ?? '', 'a.service')).toThrow(UnreadableFact)
  expect(() => parseUnit(piece?.toString() ?? '', 'a.service')).toThrow(/Host is down/)
})

test.each([
  ['/etc/systemd/system/mysql.service', 'mysql.service', true],
  ['/etc/systemd/system/mysql@.service', 'mysql@bootstrap.service', true],
  ['/etc/systemd/system/mysql@.service.d/limits.conf', 'mysql@bootstrap.service', true],
  ['/etc/systemd/system/mysql.service.d/override.conf', 'mysql.service', true],
  ['/etc/systemd/system/mysql.service', 'mysqld.service', false],
  ['/root/mysql.service', 'mysql.service', false],
])('a change of %s concerns %s: %s', (path, name, concerned) => expect(touchedBy(path, name)).toBe(concerned))

test('services of other init systems', () => {
  expect(parseInitScript('exists\nrunning\nenabler update-rc.d\n')).toEqual({
    exists: true,
    running: true,
    enabled: false,
    enabler: 'update-rc.d',
  })
  expect(parseInitScript('')).toEqual({ exists: false, running: false, enabled: false, enabler: null })
})
