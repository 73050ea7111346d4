/** The characters that fstab(5), /proc/self/mountinfo and /proc/swaps write as `\NNN`: blank, tab, newline, backslash. */
const ESCAPED = /[ \t\n\\]/g

/** A field as the kernel or fstab writes it (`/my\040disk`) → the text it stands for. */
export function decodeOctal(field: string): string {
  // Bytes beyond ASCII are never escaped there, so a code point for each escape is right.
  return field.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)))
}

/** The opposite of `decodeOctal`: text → one field without blanks. */
export function encodeOctal(text: string): string {
  return text.replaceAll(ESCAPED, (char) => `\\${(char.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`)
}
