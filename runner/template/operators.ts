import type { BinaryOperator } from './parse/tree.ts'
import { formatPercent } from './values/percent.ts'
import { subtractMoments } from './values/moment.ts'
import { typeName } from './values/python-text.ts'
import { sizeLimit } from './values/sequence.ts'
import { Float, Tuple, Undefined, fail, float, isFloat, isInteger, isNumeric, tuple } from './values/types.ts'
import { floatPower } from './values/float-power.ts'

/** Python's arithmetic on two values, with its types: ints stay ints, `/` gives a float, a float makes the result one. */
export function binary(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (left instanceof Undefined) throw left.error()
  if (right instanceof Undefined) throw right.error()
  if (isNumeric(left) && isNumeric(right)) {
    if (isFloat(left) || isFloat(right) || operator === '/') return floats(operator, toNumber(left), toNumber(right))
    return integers(operator, toInteger(left), toInteger(right))
  }
  const special = collections(operator, left, right)
  return special === undefined ? unsupported(operator, left, right) : special
}

function collections(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  switch (operator) {
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return left + right
      if (left instanceof Tuple && right instanceof Tuple) return tuple(...left, ...right)
      if (left instanceof Tuple || right instanceof Tuple) return undefined
      if (!Array.isArray(left) || !Array.isArray(right)) return undefined
      if (left.length + right.length > sizeLimit) fail('the lists are too long together')
      return [...(left as unknown[]), ...(right as unknown[])]
    case '*':
      if (isInteger(right) || typeof right === 'boolean') return repeat(left, Number(right))
      if (isInteger(left) || typeof left === 'boolean') return repeat(right, Number(left))
      return undefined
    case '%':
      return typeof left === 'string' ? formatPercent(left, right) : undefined
    case '-':
      return subtractMoments(left, right)
    default:
      return undefined
  }
}

function repeat(value: unknown, times: number): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined
  if (value.length * times > sizeLimit) fail(`repeating this ${times} times makes it too long`)
  const count = Math.max(0, times)
  if (typeof value === 'string') return value.repeat(count)
  const items: unknown[] = []
  for (let round = 0; round < count; round += 1) for (const item of value as unknown[]) items.push(item)
  return value instanceof Tuple ? tuple(...items) : items
}

function unsupported(operator: BinaryOperator, left: unknown, right: unknown): never {
  const types = `'${typeName(left)}' and '${typeName(right)}'`
  if (operator === '+' && (typeof left === 'string') !== (typeof right === 'string'))
    return fail(
      `unsupported operand types for +: ${types}`,
      'join text with "~", or convert with the filters string and int',
    )
  return fail(`unsupported operand types for ${operator}: ${types}`)
}

function toNumber(value: number | bigint | boolean | Float): number {
  return value instanceof Float ? value.value : Number(value)
}
function toInteger(value: number | bigint | boolean | Float): number | bigint {
  if (value instanceof Float) return value.value
  return typeof value === 'boolean' ? Number(value) : value
}

function floats(operator: BinaryOperator, a: number, b: number): number | Float {
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%')) fail('division by zero')
  switch (operator) {
    case '+':
      return float(a + b)
    case '-':
      return float(a - b)
    case '*':
      return float(a * b)
    case '/':
      return float(a / b)
    case '//':
      return float(floorDivide(a, b))
    case '%':
      return float(floatModulo(a, b))
    case '**':
      if (a === 0 && b < 0) fail('0.0 cannot be raised to a negative power')
      return float(floatPower(a, b))
  }
}

/** As Python counts them: the remainder first, with the sign of the divisor, and the quotient from what it leaves. */
function floatModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 === b < 0 ? rest : rest + b
}
function floorDivide(a: number, b: number): number {
  const rest = a % b
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0)
  if (quotient === 0) return Math.sign(a / b) * 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

function integers(operator: BinaryOperator, a: number | bigint, b: number | bigint): unknown {
  if (Number(b) === 0 && (operator === '//' || operator === '%')) fail('integer division or modulo by zero')
  if (operator === '**') return power(a, b)
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = small(operator, a, b)
    if (Number.isSafeInteger(quick)) return quick === 0 ? 0 : quick
  }
  return normal(large(operator, BigInt(a), BigInt(b)))
}

type IntegerOperator = Exclude<BinaryOperator, '/' | '**'>
function small(operator: BinaryOperator, a: number, b: number): number {
  switch (operator as IntegerOperator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '//':
      // Beyond the safe range, `large` counts.
      return Number.isSafeInteger(a - smallModulo(a, b)) ? (a - smallModulo(a, b)) / b : Number.NaN
    case '%':
      return smallModulo(a, b)
  }
}

function smallModulo(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

function large(operator: BinaryOperator, a: bigint, b: bigint): bigint {
  switch (operator as IntegerOperator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '//':
      return (a - modulo(a, b)) / b
    case '%':
      return modulo(a, b)
  }
}

/** Python's remainder, which has the sign of the divisor. */
function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

function power(a: number | bigint, b: number | bigint): unknown {
  if (b < 0)
    return Number(a) === 0 ? fail('0.0 cannot be raised to a negative power') : float(floatPower(Number(a), Number(b)))
  const bits = BigInt(a).toString(2).length * Number(b)
  if (bits > 100_000) fail(`${a} ** ${b} is too large`)
  return normal(BigInt(a) ** BigInt(b))
}

/** An integer in its form: a number where it is safe, else a bigint. */
export function normal(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

export function unary(operator: '-' | '+', value: unknown): unknown {
  if (value instanceof Undefined) throw value.error()
  if (!isNumeric(value)) return fail(`bad operand type for unary ${operator}: '${typeName(value)}'`)
  if (isFloat(value)) return float(operator === '-' ? -toNumber(value) : toNumber(value))
  const integer = toInteger(value)
  if (operator === '+') return integer
  return typeof integer === 'bigint' ? normal(-integer) : integer === 0 ? 0 : -integer
}
