import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Problem } from '../../../runner/language/source.ts'

/** Writes files into a new directory that is gone when the test ends, and gives its path. Names that end in `!` become executable. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'drover-inventory-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name.replace(/!$/, ''))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (name.endsWith('!')) chmodSync(path, 0o755)
  }
  return root
}

/** `file:line:column: message (hint)`, for comparing. */
export function show({ at, message, hint }: Problem): string {
  const place = at === undefined ? '' : `${at.source.name}:${at.line}:${at.column}: `
  return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`
}
