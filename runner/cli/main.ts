#!/usr/bin/env node
import { CommanderError } from 'commander'
import { canonical } from './options.ts'
import { program } from './program.ts'

try {
  await program().parseAsync(canonical(process.argv))
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1
  else {
    const { explainCrash } = await import('./crash.ts')
    process.exitCode = explainCrash(error)
  }
}
