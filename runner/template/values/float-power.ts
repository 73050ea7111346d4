/**
 * `base ** exponent` on floats, rounded once, as C's `pow` gives it for whole exponents: JavaScript's own is often off in the last bit.
 */
export function floatPower(base: number, exponent: number): number {
  const quick = base ** exponent
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 200 || !isNormal(base) || !isNormal(quick)) return quick
  const { mantissa, scale } = parts(Math.abs(base))
  const power = mantissa ** BigInt(Math.abs(exponent))
  const size = power.toString(2).length
  // Sixty-four bits and one that says whether anything was left off round to what all bits would.
  const shift = exponent < 0 ? size + 64 : Math.max(0, size - 64)
  const top = exponent < 0 ? quotient(1n << BigInt(shift), power) : quotient(power, 1n << BigInt(shift))
  const result = scaled(Number(top), scale * exponent + (exponent < 0 ? -shift : shift))
  return base < 0 && exponent % 2 !== 0 ? -result : result
}

const isNormal = (value: number): boolean => Math.abs(value) > 2 ** -1000 && Math.abs(value) < 2 ** 1000

/** Division whose last bit is set where something is left over. */
function quotient(a: bigint, b: bigint): bigint {
  const whole = a / b
  return a % b === 0n ? whole : whole | 1n
}

/** A float as a whole number times a power of two. */
function parts(value: number): { readonly mantissa: bigint; readonly scale: number } {
  let mantissa = value
  let scale = 0
  for (; !Number.isInteger(mantissa); scale--) mantissa *= 2
  return { mantissa: BigInt(mantissa), scale }
}

/** `value * 2 ** by` in two steps, as one factor alone may be too large. */
const scaled = (value: number, by: number): number => value * 2 ** Math.trunc(by / 2) * 2 ** (by - Math.trunc(by / 2))
