import stringWidth from 'string-width'

/**
 * What may not reach a terminal from a host's output or a file: control characters (they move the cursor, set colours and titles), and
 * the marks that reorder or hide text (https://trojansource.codes). Tab and newline stay; joiners stay, scripts and emoji need them.
 */
const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** Text with each such character written out: control characters in caret notation (`^[`), others by code point (`<U+202E>`). */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    if (code === 0x7f) return '^?'
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

/** The same, on one line: newlines are shown as `⏎`, tabs as a space. */
export const visibleLine = (text: string): string => visible(text.replace(/\r?\n/g, '⏎').replaceAll('\t', ' '))

/** Lines of a text, each visible; a newline at the end starts no further line. */
export function visibleLines(text: string): readonly string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map(visible)
}

/** A name on one line, filled up to a width in terminal columns: wide characters take two. */
export function padded(name: string, width: number): string {
  const shown = visibleLine(name)
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)))
}
