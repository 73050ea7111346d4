import { fail } from '../values/types.ts'
import { orderPep440 } from './pep440.ts'

type Part = number | string

/**
 * Orders two versions: `loose` as distutils' LooseVersion (numbers and words between dots), `strict` as its StrictVersion, `semver`
 * and `semantic` as semver.org, `pep440` as Python's packages. Throws for text that is no such version.
 */
export function versionOrder(left: string, right: string, kind: string): number {
  if (left.trim() === '') fail('Input version value cannot be empty')
  if (right.trim() === '') fail('Version parameter to compare against cannot be empty')
  switch (kind) {
    case 'loose':
      return orderParts(loose(left), loose(right))
    case 'strict':
      return orderParts(strict(left), strict(right))
    case 'semver':
    case 'semantic':
      return semantic(left, right)
    case 'pep440':
      return orderPep440(left, right)
    default:
      return fail(`there is no version type '${kind}'`, 'use loose, strict, semver or pep440')
  }
}

function loose(text: string): Part[] {
  return (text.match(/\d+|[a-z]+|[^.\da-z]+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function strict(text: string): Part[] {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text)
  if (!parts) return fail(`invalid version number '${text}'`)
  const [, major, minor, patch, stage, number] = parts
  // A release comes after its pre-releases.
  return [Number(major), Number(minor), Number(patch ?? 0), stage ?? 'final', Number(number ?? 0)]
}

function orderParts(left: readonly Part[], right: readonly Part[]): number {
  for (const [at, a] of left.entries()) {
    const b = right[at]
    if (b === undefined) return 1
    if (typeof a !== typeof b) fail(`the versions cannot be compared: '${a}' and '${b}' stand at the same place`)
    if (a !== b) return a < b ? -1 : 1
  }
  return left.length - right.length
}

function semantic(left: string, right: string): number {
  const [a, b] = [readSemantic(left), readSemantic(right)]
  const core = orderParts(a.core, b.core)
  if (core !== 0) return core
  if (a.stage.length === 0 || b.stage.length === 0) return b.stage.length - a.stage.length
  for (const [at, one] of a.stage.entries()) {
    const other = b.stage[at]
    if (other === undefined) return 1
    if (one === other) continue
    const numbers = [/^\d+$/.test(one), /^\d+$/.test(other)]
    if (numbers[0] && numbers[1]) return Number(one) - Number(other)
    if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1
    return one < other ? -1 : 1
  }
  return a.stage.length - b.stage.length
}

function readSemantic(text: string): { core: number[]; stage: string[] } {
  const parts = /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text)
  if (!parts) return fail(`invalid semantic version '${text}'`)
  return { core: parts.slice(1, 4).map(Number), stage: parts[4]?.split('.') ?? [] }
}
