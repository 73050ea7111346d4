import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks a question on the terminal; undefined where there is none. What is typed for a hidden answer is not shown. */
export async function ask(prompt: string, hidden: boolean): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  process.stderr.write(prompt.endsWith(' ') ? prompt : `${prompt}: `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: hidden ? nowhere : process.stderr, terminal: true })
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
  } finally {
    lines.close()
    if (hidden) process.stderr.write('\n')
  }
}
