import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainScalar } from '../../../runner/language/scalar.ts'

describe('plain scalars, as ansible-core 2.14 reads them', () => {
  test.each([
    ['0644', 420],
    ['1_000', 1000],
    ['12:30:45', 45_045],
    ['1:20', 80],
    ['190:20:30.15', 685_230.15],
    ['0o644', '0o644'],
    ['08', '08'],
    ['08:30', '08:30'],
    ['1e3', '1e3'],
    ['12e03', '12e03'],
    ['1.0e+3', 1000],
    ['6.8523015e+5', 685_230.15],
    ['685.230_15e+03', 685_230.15],
    ['.5', 0.5],
    ['1.', 1],
    ['0b11', 3],
    ['0x1F', 31],
    ['0777_1', 4089],
    ['+12', 12],
    ['-012', -10],
    ['~', null],
    ['', null],
    ['Null', null],
    ['nUll', 'nUll'],
    ['yes', true],
    ['Off', false],
    ['NO', false],
    ['yEs', 'yEs'],
    ['y', 'y'],
    ['n', 'n'],
    ['=', '='],
    ['2024-01-02', '2024-01-02'],
    ['2024-01-02 10:00:00', '2024-01-02 10:00:00'],
    ['-.inf', '-.inf'],
    ['.nan', '.nan'],
    ['10.0.0.1', '10.0.0.1'],
    ['1.2.3', '1.2.3'],
    ['-', '-'],
    ['12345678901234567890', '12345678901234567890'],
    ['__proto__', '__proto__'],
  ])('%s', (text, value) => {
    expect(plainScalar(text)).toBe(value)
  })

  test('decimal integers are themselves', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(plainScalar(String(number))).toBe(number)
      }),
    )
  })
})
