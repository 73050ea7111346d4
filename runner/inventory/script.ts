import { spawnSync } from 'node:child_process'
import type { YamlNode } from '../language/node.ts'
import type { SourceFile } from '../language/source.ts'
import { parseYaml } from '../language/yaml.ts'
import type { InventoryDraft } from './draft.ts'
import { readHostVariables, readListing } from './listing.ts'

/** Milliseconds that an inventory script may take. */
const TIME_LIMIT = 60_000

/** Runs an inventory script with `--list` and reads what it prints; without `_meta` in it, `--host NAME` is asked for each host. */
export function readScript(script: SourceFile, draft: InventoryDraft): void {
  const listing = run(script, ['--list'], draft)
  if (listing === undefined) return
  const before = new Set(draft.hostNames())
  readListing(listing, script.path, draft)
  if (listing.kind !== 'map' || Object.hasOwn(listing.value, '_meta')) return
  for (const host of draft.hostNames().filter((name) => !before.has(name))) {
    const answer = run(script, ['--host', host], draft)
    if (answer !== undefined) readHostVariables(host, answer, draft)
  }
}

function run(script: SourceFile, args: readonly string[], draft: InventoryDraft): YamlNode | undefined {
  const name = `${script.name} ${args.join(' ')}`
  const { status, signal, stdout, stderr, error } = spawnSync(script.path, args, {
    encoding: 'utf8',
    timeout: TIME_LIMIT,
    maxBuffer: 256 * 1024 * 1024,
  })
  if (error !== undefined || status !== 0) {
    const why = error?.message ?? (signal === null ? `exit status ${status}` : `ended by ${signal}`)
    const said = stderr.trim()
    draft.problems.push({ message: `the inventory script "${name}" failed: ${why}${said === '' ? '' : `\n${said}`}` })
    return undefined
  }
  const { root, problems } = parseYaml({ name: `the output of ${name}`, path: script.path, text: stdout })
  draft.problems.push(...problems)
  return root
}
