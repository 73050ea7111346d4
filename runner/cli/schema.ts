import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { editorSchemas, schemaText } from '../../schema/editor.ts'
import { statements } from '../language/statements.ts'
import { readSettings } from './settings/read-settings.ts'
import { allModules } from './user-modules/load.ts'

/** Writes the editors' schemas, with the user's modules, into a directory; gives the exit status. */
export async function writeSchemas(directory: string, modulePath: readonly string[]): Promise<number> {
  const modules = await allModules(modulePath, ['.'], readSettings(process.env, process.cwd()).settings)
  mkdirSync(directory, { recursive: true })
  for (const [file, schema] of Object.entries(editorSchemas([...modules, ...statements]))) {
    const path = join(directory, file)
    writeFileSync(path, schemaText(schema))
    process.stdout.write(`${path}\n`)
  }
  return 0
}
