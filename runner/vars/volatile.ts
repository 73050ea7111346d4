import type { Json } from '../../schema/infer.ts'

/** Names in templates whose result is not made from variables alone: it depends on files, commands, the clock, chance or other hosts. */
const OUTSIDE =
  /\b(?:lookup|query|q|now|random|shuffle|random_mac|password_hash|vault|fileglob|hostvars|vars|include|import|expanduser|expandvars|realpath|file|directory|link|exists|mount|same_file|strftime)\b/

/** Whether evaluating a value again may give another result although no variable has changed. May say so where it cannot. */
export function isVolatile(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{') && OUTSIDE.test(value)
  if (Array.isArray(value)) return value.some(isVolatile)
  return typeof value === 'object' && value !== null && Object.values(value).some(isVolatile)
}
