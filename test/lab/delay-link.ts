import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bridge, cable, inNetwork } from './network.ts'
import { attempt, LabError, run } from './run.ts'

const farBridge = 'br1'
const program = fileURLToPath(new URL('delay-link.py', import.meta.url))

/** Nodes that are far away until `end` is called. */
export interface DelayLink {
  end(): Promise<void>
}

/** Puts nodes of a lab behind a link that takes `milliseconds` each way, for every frame. */
export async function delayLink(lab: string, nodes: readonly string[], milliseconds: number): Promise<DelayLink> {
  const ip = (...words: string[]) => run(inNetwork(lab, ['ip', 'link', ...words]))
  if ((await attempt(inNetwork(lab, ['ip', 'link', 'show', farBridge]))).status !== 0)
    await ip('add', farBridge, 'type', 'bridge', 'forward_delay', '0')
  await ip('set', farBridge, 'up')
  const [command = '', ...words] = inNetwork(lab, ['python3', program, bridge, farBridge, String(milliseconds)])
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new LabError('the delayed link ended at once'))),
  ])
  for (const node of nodes) await ip('set', cable(lab, node), 'master', farBridge)
  return {
    async end() {
      for (const node of nodes) await ip('set', cable(lab, node), 'master', bridge)
      child.kill()
      await ended
    },
  }
}
