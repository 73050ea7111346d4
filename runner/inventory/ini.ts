import type { Position, SourceFile } from '../language/source.ts'
import type { InventoryDraft } from './draft.ts'
import { readHostEntry } from './host-name.ts'
import { Malformed } from './malformed.ts'
import type { Variable } from './inventory.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { pythonLiteral } from './python-literal.ts'
import { shellWords, type ShellWord } from './shell-words.ts'

const KINDS = ['hosts', 'children', 'vars'] as const
type SectionKind = (typeof KINDS)[number]

interface Section {
  readonly group: string
  readonly kind: SectionKind
}
interface GroupMention {
  readonly name: string
  readonly at: Position
  readonly say: string
}

/** Reads an INI inventory into the draft. Each line that cannot be read is one problem, and reading goes on behind it. */
export function readIni(source: SourceFile, draft: InventoryDraft): void {
  const reader = new IniReader(source, draft)
  for (const [index, line] of source.text.split(/\r?\n/).entries()) reader.line(line, index + 1)
  reader.end()
}

class IniReader {
  readonly #source: SourceFile
  readonly #draft: InventoryDraft
  /** Groups that have a section of their own, here or in an earlier source. */
  readonly #declared: Set<string>
  readonly #mentions: GroupMention[] = []
  /** Undefined behind a section header that could not be read: what follows belongs to nobody. */
  #section: Section | undefined = { group: 'ungrouped', kind: 'hosts' }

  constructor(source: SourceFile, draft: InventoryDraft) {
    this.#source = source
    this.#draft = draft
    this.#declared = new Set(draft.groupNames())
  }

  line(line: string, number: number): void {
    const text = line.trim()
    if (text === '' || text.startsWith('#') || text.startsWith(';')) return
    const indent = line.length - line.trimStart().length
    const at = (offset: number, length = 1): Position => ({
      source: this.#source,
      line: number,
      column: indent + offset + 1,
      length,
    })
    try {
      if (text.startsWith('[') && !isHostLine(text)) this.#section = this.#header(text, at)
      else if (this.#section !== undefined) this.#entry(this.#section, text, at)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.#draft.problems.push({ message: error.message, at: at(error.offset), hint: error.hint })
    }
  }

  end(): void {
    for (const { name, at, say } of this.#mentions) {
      if (this.#declared.has(name)) continue
      this.#draft.problems.push({
        message: say,
        at,
        hint: didYouMean(name, this.#declared) ?? `add a section [${name}]`,
      })
    }
  }

  #header(text: string, at: (offset: number, length?: number) => Position): Section | undefined {
    this.#section = undefined
    const match = /^\[([^\]:]*)(?::([^\]]*))?\]\s*(?:[#;].*)?$/.exec(text)
    const group = match?.[1]?.trim()
    if (match === null || group === undefined || group === '' || /\s/.test(group)) {
      throw new Malformed(
        'this is not a section header',
        0,
        'sections are written [group], [group:children] or [group:vars]',
      )
    }
    const kind = match[2] ?? 'hosts'
    if (!isKind(kind)) {
      const hint = didYouMean(kind, KINDS) ?? 'sections are written [group], [group:children] or [group:vars]'
      throw new Malformed(`unknown kind of section "${kind}"`, text.indexOf(':') + 1, hint)
    }
    if (kind === 'vars') {
      this.#mentions.push({
        name: group,
        at: at(1, group.length),
        say: `variables for group "${group}", which is not defined`,
      })
    } else {
      this.#declared.add(group)
      this.#draft.addGroup(group)
    }
    return { group, kind }
  }

  #entry(section: Section, text: string, at: (offset: number, length?: number) => Position): void {
    switch (section.kind) {
      case 'hosts':
        return this.#host(section.group, text, at)
      case 'children': {
        const [child, extra] = shellWords(text, { comments: true })
        if (extra !== undefined)
          throw new Malformed(
            `"${extra.text}" is too much here`,
            extra.offset,
            'a line of a :children section is the name of one group',
          )
        if (child === undefined) return undefined
        const place = at(child.offset, child.text.length)
        this.#mentions.push({ name: child.text, at: place, say: `group "${child.text}" is not defined` })
        return this.#draft.addChild(section.group, child.text, place)
      }
      case 'vars': {
        const equals = text.indexOf('=')
        if (equals < 1) throw new Malformed(`"${text}" is not a variable`, 0, 'variables are written name=value')
        const value = pythonLiteral(text.slice(equals + 1).trim())
        const name = text.slice(0, equals).trim()
        return this.#draft.setGroupVariable(section.group, name, { value, at: at(0, text.length) })
      }
    }
  }

  #host(group: string, text: string, at: (offset: number, length?: number) => Position): void {
    const [first, ...rest] = shellWords(text, { comments: true })
    if (first === undefined) return
    const { names, port } = readHostEntry(first.text)
    const variables = new Map<string, Variable>()
    if (port !== undefined) variables.set('ansible_port', { value: port, at: at(first.offset, first.text.length) })
    for (const word of rest) {
      const [name, value] = assignment(word)
      variables.set(name, { value: pythonLiteral(value), at: at(word.offset, word.text.length) })
    }
    for (const host of names) {
      this.#draft.addHost(host, group, this.#source.path)
      for (const [name, variable] of variables) this.#draft.setHostVariable(host, name, variable)
    }
  }
}

/** Whether a line that starts with `[` names a host: the bracket holds a range with more behind it, or an IPv6 address. */
function isHostLine(text: string): boolean {
  return /^\[[^\]]*\][^\s#;]/.test(text) || /^\[[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]/.test(text)
}

function isKind(text: string): text is SectionKind {
  return (KINDS as readonly string[]).includes(text)
}

function assignment(word: ShellWord): readonly [string, string] {
  const equals = word.text.indexOf('=')
  if (equals > 0) return [word.text.slice(0, equals), word.text.slice(equals + 1)]
  throw new Malformed(
    `"${word.text}" is not a variable`,
    word.offset,
    'variables of a host are written name=value, values with blanks in quotes',
  )
}
