import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { drawProblems } from '../../../runner/language/code-frame.ts'
import { loadPlaybook } from '../../../runner/language/load.ts'
import { undefinedVariables } from '../../../runner/language/undefined-variables.ts'
import { modules } from './modules.ts'

const directory = fileURLToPath(new URL('golden/', import.meta.url))
const files = readdirSync(directory)
  .filter((name) => name.endsWith('.yml'))
  .toSorted()

/** All that is said of a playbook before hosts are touched, as a user sees it. */
function said(file: string): string {
  const { playbook, problems } = loadPlaybook(join(directory, file), {
    modules,
    directory,
    fileExists: (name, _, from) => existsSync(join(dirname(from.path), name)),
  })
  return drawProblems(
    playbook === undefined ? problems : undefinedVariables(playbook, () => new Set(['site_name', 'db_host'])),
  )
}

describe('what is said of broken playbooks (UPDATE_GOLDEN=1 writes it)', () => {
  test('there are at least two hundred of them', () => {
    expect(files.length).toBeGreaterThanOrEqual(200)
  })
  test.each(files)('%s', (file) => {
    const golden = join(directory, file.replace(/\.yml$/, '.txt'))
    const text = said(file)
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(golden, text)
    expect(text).toBe(readFileSync(golden, 'utf8'))
    expect(text).toMatch(/^\S+\.yml:\d+:\d+: /)
  })
})
