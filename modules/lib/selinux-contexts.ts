/** One line of file_contexts(5): files that a pattern and a kind name, and their context. */
export interface FileContext {
  readonly target: string
  readonly kind: FileKind
  /** `user:role:type:range`; `<<none>>` for files that are left alone. */
  readonly context: string
}

/** semanage-fcontext(8): the letters of `-f`, and what file_contexts has for them. */
const KINDS = { a: '', f: '--', d: '-d', c: '-c', b: '-b', s: '-s', p: '-p', l: '-l' } as const
export type FileKind = keyof typeof KINDS

/** The lines of a file_contexts. */
export function parseContexts(text: string): readonly FileContext[] {
  return text.split('\n').flatMap((line) => {
    if (/^\s*(?:#|$)/.test(line)) return []
    const [target = '', ...rest] = line.trim().split(/\s+/)
    const [flag, context] = rest.length > 1 ? [rest[0] ?? '', rest[1] ?? ''] : ['', rest[0] ?? '']
    const kind = (Object.keys(KINDS) as FileKind[]).find((one) => KINDS[one] === flag)
    return kind === undefined || context === '' ? [] : [{ target, kind, context }]
  })
}

/** The lines of a file_contexts.subs: paths that are labelled as if they were others. */
export const parseSubstitutes = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [path = '', like = ''] = line.trim().split(/\s+/)
      return path === '' || path.startsWith('#') || like === '' ? [] : [[path, like] as const]
    }),
  )
