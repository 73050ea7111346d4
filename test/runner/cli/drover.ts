import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../runner/cli/main.ts', import.meta.url))
const tsx = import.meta.resolve('tsx')

export interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs drover in a directory, away from the user's own settings and without a terminal. */
export function drover(
  cwd: string,
  args: readonly string[],
  {
    input = '',
    environment = {},
  }: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Said {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:ANSIBLE|DROVER)_/.test(name))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, main, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), HOME: cwd, NO_COLOR: '1', ...environment },
  })
  return { status, stdout, stderr }
}
