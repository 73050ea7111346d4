import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawProblems } from '../language/code-frame.ts'
import { packageRoot } from './package-root.ts'
import { prepare } from './run-command.ts'
import { noFlags } from './run-flags.ts'
import { run } from './run-prepared.ts'

/** Shows what drover does on the embedded host: a check with its diff, the run, and a run that finds nothing to do. Gives the exit status. */
export async function quickstart(): Promise<number> {
  const root = packageRoot()
  const scratch = mkdtempSync(join(tmpdir(), 'drover-quickstart-'))
  const playbook = join(root, 'playbooks/quickstart.yml')
  const inventory = join(root, 'inventory/quickstart.yml')
  const turns: readonly { readonly title: string; readonly check: boolean }[] = [
    { title: '1. A check: what would change, and nothing is changed', check: true },
    { title: '2. The run', check: false },
    { title: '3. The same again: everything is as it should be, so nothing changes', check: false },
  ]
  for (const { title, check } of turns) {
    process.stdout.write(`\n=== ${title} ===\n\n`)
    const prepared = prepare([playbook], {
      ...noFlags,
      diff: true,
      inventory: [inventory],
      extraVars: [JSON.stringify({ site_dir: scratch })],
      check,
    })
    if ('problems' in prepared) {
      process.stderr.write(drawProblems(prepared.problems))
      return 1
    }
    const status = await run(prepared, noFlags.output)
    if (status !== 0) return status
  }
  process.stdout.write(
    [
      '',
      `What was made is in ${scratch}; remove it when you have seen enough.`,
      'The host was an SSH server inside drover. Where to look next:',
      '  playbooks/quickstart.yml     the playbook that just ran',
      '  inventory/quickstart.yml     its one host; inventory/example.yml shows real ones',
      '  README.md                    a playbook of your own in ten lines',
      '',
    ].join('\n'),
  )
  return 0
}
