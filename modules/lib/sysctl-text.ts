/**
 * The path of a kernel parameter below /proc/sys, by the rule of sysctl(8): the first of `.` and `/` in a name separates its parts, and
 * the other one stands for a dot within a part (`net/ipv4/conf/eth0.100/forwarding`). Null where it can be no name.
 */
export function parameterPath(name: string): string | null {
  const separator = /[./]/.exec(name)?.[0]
  const path = separator === '.' ? name.replaceAll(/[./]/g, (character) => (character === '.' ? '/' : '.')) : name
  const parts = path.split('/')
  return /^[\w.:@%+/-]+$/.test(path) && parts.every((part) => !['', '.', '..'].includes(part)) ? path : null
}

/** A value with each run of blanks as one space: `4096\t131072` and `4096  131072` are the same to the kernel. */
export const normalValue = (value: string): string => value.trim().replaceAll(/\s+/g, ' ')

interface Assignment {
  /** What is in front of the value: blanks, the `-` that makes an error harmless, the name, the equals sign. */
  readonly head: string
  readonly path: string | null
  readonly value: string
  readonly tail: string
}

/** A line of sysctl.conf(5) that sets a parameter; null for a comment, an empty line, or anything else. */
function assignment(line: string): Assignment | null {
  if (/^\s*(?:[#;]|$)/.test(line)) return null
  const [, head = '', name = '', value = '', tail = ''] = /^(\s*-?\s*([^\s=]+)\s*=\s*)(.*?)(\s*)$/.exec(line) ?? []
  return name === '' ? null : { head, path: parameterPath(name), value, tail }
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/**
 * The text in which a parameter has a value, or none where that is null. The last of its lines is the one in force and stays where it is;
 * others of the same parameter go. A value that differs in blanks only is left as it is written.
 */
export function setParameter(text: string, name: string, value: string | null): string {
  const path = parameterPath(name)
  const lines = linesOf(text)
  const own = lines.flatMap((line, index) => (path !== null && assignment(line)?.path === path ? [index] : []))
  const last = own.at(-1)
  if (last === undefined) {
    if (value === null) return text
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}=${value}\n`
  }
  const kept = lines.flatMap((line, index) => {
    if (!own.includes(index)) return [line]
    const found = assignment(line)
    if (value === null || index !== last || found === null) return []
    return [normalValue(found.value) === value ? line : `${found.head}${value}${found.tail}`]
  })
  return kept.length === 0 ? '' : kept.join('\n') + (text.endsWith('\n') ? '\n' : '')
}

/** The names of the parameters that a text sets. */
export const parametersIn = (text: string): readonly string[] =>
  linesOf(text).flatMap((line) => assignment(line)?.path ?? [])
