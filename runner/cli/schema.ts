import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modules } from '../../modules/index.ts'
import { editorSchemas, schemaText } from '../../schema/editor.ts'
import { statements } from '../language/statements.ts'

/** Writes the editors' schemas into a directory; gives the exit status. */
export function writeSchemas(directory: string): number {
  mkdirSync(directory, { recursive: true })
  for (const [file, schema] of Object.entries(editorSchemas([...modules, ...statements]))) {
    const path = join(directory, file)
    writeFileSync(path, schemaText(schema))
    process.stdout.write(`${path}\n`)
  }
  return 0
}
