import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../lab/node.ts'
import { stage, subjects } from '../modules/laws/stage.ts'
import { serveApt } from './apt-repository.ts'
import { workplace, type Workplace } from './drover.ts'

/** A user's directory with the files that the cases of the laws speak of. */
export function lawsWorkplace(): Workplace {
  const work = workplace()
  cpSync(join(import.meta.dirname, 'examples'), work.path, { recursive: true })
  work.file('fetched-right', 'right\n')
  work.file('fetched-text', 'another\n')
  return work
}

/** Makes a host what the cases that are for it are to find. */
export async function stageLaws(node: LabNode): Promise<void> {
  await node.reset()
  await serveApt(node)
  await node.sh(stage(subjects[node.name] ?? []))
}
