import { spawn, spawnSync } from 'node:child_process'
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
  // A session of its own has no terminal to ask on, whoever runs the tests.
  const { status, stdout, stderr } = spawnSync('setsid', ['--wait', process.execPath, '--import', tsx, main, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...Object.fromEntries(inherited), HOME: cwd, NO_COLOR: '1', ...environment },
  })
  return { status, stdout, stderr }
}

/** What drover shows on a terminal, where somebody types the next answer each time that `prompt` has appeared. */
export async function onTerminal(
  cwd: string,
  args: readonly string[],
  prompt: string,
  answers: readonly string[],
): Promise<string> {
  const line = [process.execPath, '--import', tsx, main, ...args].join(' ')
  const terminal = spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    timeout: 20_000,
    env: { ...process.env, HOME: cwd, NO_COLOR: '1' },
  })
  let shown = ''
  let given = 0
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    const asked = shown.split(prompt).length - 1
    for (; given < asked; given++) terminal.stdin.write(`${answers[given] ?? ''}\n`)
  })
  await new Promise((resolve) => terminal.once('close', resolve))
  return shown
}
