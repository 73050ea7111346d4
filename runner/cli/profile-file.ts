import { closeSync, openSync, writeSync } from 'node:fs'
import type { RunProfiled } from '../engine/events.ts'
import { ProblemsFound } from '../language/source.ts'

/** A file for where the time of a run went, opened before the run, so that nobody waits for what cannot be written. Throws `ProblemsFound`. */
export function profileFile(path: string): (profile: RunProfiled) => void {
  const file = open(path)
  return (profile) => {
    writeSync(file, `${JSON.stringify(profile, undefined, 2)}\n`)
    closeSync(file)
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ProblemsFound([{ message: `--profile-json cannot write ${path}: ${why}` }])
  }
}
