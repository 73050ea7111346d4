import type { ScalarNode } from './node.ts'

/**
 * The offset in the file of a character of a scalar's value, in whatever style the scalar is written: source and value are walked side
 * by side, past indentation, folding, quotes and escapes. Exact for characters that are not blank.
 */
export function offsetInScalar(node: ScalarNode, offset: number): number {
  if (typeof node.value !== 'string') return node.start
  const { text } = node.source
  const double = text[node.start] === '"'
  let at = contentStart(node)
  for (let index = 0; index < node.value.length; index += 1) {
    const wanted = node.value.charAt(index)
    while (at < node.end && !matches(text, at, wanted, double)) at += 1
    if (index === offset) return at
    at += double && text[at] === '\\' ? advance(text, at, wanted) : 1
    if (wanted === "'" && text[at] === "'" && text[node.start] === "'") at += 1
  }
  return Math.min(at, Math.max(node.start, node.end - 1))
}

/** Where the text begins: after a quote, or after the header line of a block scalar. */
function contentStart({ source: { text }, start }: ScalarNode): number {
  const first = text[start]
  if (first === '"' || first === "'") return start + 1
  return (first === '|' || first === '>') &&
    /^[|>][-+0-9]*[ \t]*(?:#.*)?$/.test(text.slice(start, lineEnd(text, start)).replace(/\r$/, ''))
    ? lineEnd(text, start) + 1
    : start
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

const blank = /\s/

function matches(text: string, at: number, wanted: string, double: boolean): boolean {
  const found = text.charAt(at)
  if (double && found === '\\' && text[at + 1] !== '\n') return escaped(text, at).includes(wanted)
  // A folded line end stands for a space.
  return found === wanted || (wanted === ' ' && found === '\n') || (wanted === '\n' && blank.test(found))
}

const escapes: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  e: '\u001B',
  a: '\u0007',
  b: '\b',
}

function escaped(text: string, at: number): string {
  const letter = text.charAt(at + 1)
  const code = Number.parseInt(text.slice(at + 2, at + escapeLength(text, at)), 16)
  if (!'xuU'.includes(letter)) return escapes[letter] ?? letter
  return String.fromCodePoint(Number.isNaN(code) || code > 0x10_ff_ff ? 0 : code)
}

/** An escape may stand for two units: it is left behind with the second. */
function advance(text: string, at: number, unit: string): number {
  return escaped(text, at).endsWith(unit) ? escapeLength(text, at) : 0
}

function escapeLength(text: string, at: number): number {
  const letter = text.charAt(at + 1)
  return letter === 'x' ? 4 : letter === 'u' ? 6 : letter === 'U' ? 10 : 2
}
