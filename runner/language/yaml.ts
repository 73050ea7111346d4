import type { Document } from 'yaml'
import { parseAllDocuments } from 'yaml'
import { Composer } from './compose.ts'
import { tooDeep } from './depth.ts'
import type { YamlNode } from './node.ts'
import { positionAt } from './position.ts'
import type { Problem, SourceFile } from './source.ts'
import { vaultHeader } from './vault.ts'
import { syntaxProblem } from './yaml-problems.ts'

/** What a text of YAML holds. `root` is undefined where the text is empty or cannot be read; then `problems` says why. */
export interface ParsedYaml {
  readonly root: YamlNode | undefined
  readonly problems: readonly Problem[]
}

/**
 * Reads one YAML document as Ansible does (YAML 1.1 in PyYAML's subset, see `plainScalar`). Never throws: whatever is wrong is a
 * problem with its place. Of syntax errors the first is given, since it makes the others.
 */
export function parseYaml(source: SourceFile): ParsedYaml {
  if (source.text.startsWith(vaultHeader)) {
    return {
      root: undefined,
      problems: [
        {
          message: 'this file is encrypted with ansible-vault, and no vault password was given',
          at: positionAt(source, 0, source.text.length),
        },
      ],
    }
  }
  const deep = tooDeep(source.text)
  if (deep !== undefined) return nestedTooDeeply(source, deep)
  try {
    return compose(source)
  } catch (error) {
    if (error instanceof RangeError) return nestedTooDeeply(source, 0)
    throw error
  }
}

/** The stack is used up. The library says so in either of two ways. */
function nestedTooDeeply(source: SourceFile, offset: number): ParsedYaml {
  return {
    root: undefined,
    problems: [{ message: 'this YAML is nested too deeply to be read', at: positionAt(source, offset) }],
  }
}

function compose(source: SourceFile): ParsedYaml {
  const documents = read(source.text)
  const error = documents.flatMap((document) => document.errors)[0]
  if (error?.message.startsWith('Maximum call stack') === true) return nestedTooDeeply(source, error.pos[0])
  if (error !== undefined) return { root: undefined, problems: [syntaxProblem(source, error)] }
  const [first, second] = documents
  if (second !== undefined) {
    const start = documentStart(source.text, second.range[0])
    const at = positionAt(source, start, Math.max(second.range[0], start + 1))
    return {
      root: undefined,
      problems: [
        {
          message: 'a second YAML document begins here, but a file may hold only one',
          at,
          hint: 'put it in a file of its own',
        },
      ],
    }
  }
  if (first === undefined || first.contents === null) return { root: undefined, problems: [] }
  const composer = new Composer(source)
  const root = composer.node(first.contents, 0)
  return { root, problems: composer.problems }
}

/** Where a document begins: at its `---`, or after the `...` of the one before. */
function documentStart(text: string, offset: number): number {
  const marker = text.lastIndexOf('\n---', offset) + 1
  return marker > 0 ? marker : offset
}

/** All scalars as text: their types are ours to tell, and unique keys ours to check, since the library compares each with each. */
function read(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return Array.isArray(documents) ? documents : []
}
