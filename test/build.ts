import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Compiles drover as `npm ci` does, once for all suites: they run what users run, and nobody changes it under them. */
export function setup(): void {
  const cwd = join(import.meta.dirname, '..')
  execFileSync('npm', ['run', '--silent', 'build'], { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
}
