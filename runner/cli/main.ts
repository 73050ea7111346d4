#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { CommanderError } from 'commander'
import { canonical } from './options.ts'
import { program } from './program.ts'

// Each packet of ssh2 leaves buffers: threads that free them beside this one spend more on each other's locks than it takes to free them here.
setFlagsFromString('--no-concurrent-array-buffer-sweeping')

try {
  await program().parseAsync(canonical(process.argv))
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1
  else {
    const { explainCrash } = await import('./crash.ts')
    process.exitCode = explainCrash(error)
  }
}
