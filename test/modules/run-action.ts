import { execFile } from 'node:child_process'
import type { Action, ActionResult } from '../../modules/step.ts'

/** Carries out a `sh` or `run` action on this machine, as the engine would on a host. */
export function runAction(
  action: Action | undefined,
  shell: readonly string[] = ['/bin/sh'],
  path?: string,
): Promise<ActionResult> {
  if (action?.do !== 'sh' && action?.do !== 'run') throw new Error(`not something to run: ${action?.do}`)
  const argv = action.do === 'run' ? action.argv : [...shell, '-c', action.script, 'sh', ...action.args]
  const [program = '', ...words] = argv
  const start = Date.now()
  return new Promise((resolve) => {
    const child = execFile(
      program,
      words,
      {
        encoding: 'buffer',
        cwd: action.chdir,
        env: { ...process.env, LC_ALL: 'C', ...action.environment, ...(path === undefined ? {} : { PATH: path }) },
      },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 255
        resolve({ status, stdout, stderr, start, end: Date.now() })
      },
    )
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(action.stdin ?? '')
  })
}
