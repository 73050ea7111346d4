import { drawProblems } from '../language/code-frame.ts'
import { ProblemsFound } from '../language/source.ts'
import { ConnectionVariableError } from '../inventory/connection-variables.ts'
import { TemplateError } from '../template/template.ts'
import { version } from './package-root.ts'

/** Tells of an error that ended a command, and gives the exit status. What a user got wrong is shown as such; anything else is a bug of drover's. */
export function explainCrash(error: unknown): number {
  if (error instanceof ProblemsFound) process.stderr.write(drawProblems(error.problems))
  else if (error instanceof TemplateError)
    process.stderr.write(drawProblems([{ message: error.message, at: error.at, hint: error.hint }]))
  else if (error instanceof ConnectionVariableError) process.stderr.write(`${error.message}\n`)
  else {
    const details =
      process.env['DROVER_DEBUG'] === undefined
        ? 'set DROVER_DEBUG=1 to see where'
        : String(error instanceof Error ? error.stack : error)
    process.stderr.write(
      `this is a bug in drover ${version()}: ${error instanceof Error ? error.message : String(error)}\n${details}\n`,
    )
  }
  return 1
}
