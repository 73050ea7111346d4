import { existsSync } from 'node:fs'
import { attempt, run } from './run.ts'
import type { Lock } from './lock.ts'

/** A lab's network is a namespace of its own with one bridge and no way out, so all labs can use the same addresses. */
export const gateway = '10.0.32.1'
export const bridge = 'br0'

/** Of n1, n2 and so on, or of a virtual machine, v1. */
export function address(node: string): string {
  return `10.0.32.${(node.startsWith('v') ? 200 : 10) + Number(node.slice(1))}`
}

/** The words that make a command run in the lab's network. (`ip netns exec` would hide /sys/fs/cgroup, which containers need.) */
export function inNetwork(lab: string, argv: readonly string[]): string[] {
  return ['nsenter', `--net=${namespace(lab)}`, '--', ...argv]
}

function namespace(lab: string): string {
  return `/run/netns/${lab}`
}

export function networkExists(lab: string): boolean {
  return existsSync(namespace(lab))
}

/** Makes the network; what is there already stays. */
export async function networkUp(lab: string, lock: Lock): Promise<void> {
  const ip = (...words: string[]) => attempt(inNetwork(lab, ['ip', ...words]), { lock })
  // A namespace whose making was interrupted is a plain file; it cannot be entered.
  if (networkExists(lab) && (await ip('link')).status !== 0) await networkDown(lab, lock)
  if (!networkExists(lab)) await run(['ip', 'netns', 'add', lab], { lock })
  await ip('link', 'set', 'lo', 'up')
  if ((await ip('link', 'show', bridge)).status !== 0)
    await ip('link', 'add', bridge, 'type', 'bridge', 'forward_delay', '0')
  await run(inNetwork(lab, ['ip', 'addr', 'replace', `${gateway}/24`, 'dev', bridge]), { lock })
  await run(inNetwork(lab, ['ip', 'link', 'set', bridge, 'up']), { lock })
}

export async function networkDown(lab: string, lock: Lock): Promise<void> {
  if (networkExists(lab)) await run(['ip', 'netns', 'delete', lab], { lock })
}

/** Makes the end of a virtual machine's cable that is in the bridge, and gives its name. */
export async function tapUp(lab: string, name: string, lock: Lock): Promise<string> {
  const tap = `tap-${name}`
  const ip = (...words: string[]) => inNetwork(lab, ['ip', ...words])
  if ((await attempt(ip('link', 'show', tap), { lock })).status !== 0)
    await run(ip('tuntap', 'add', tap, 'mode', 'tap'), { lock })
  await run(ip('link', 'set', tap, 'master', bridge, 'up'), { lock })
  return tap
}

/** Pulls the node's network cable out, or puts it back. */
export async function setCable(lab: string, node: string, state: 'up' | 'down'): Promise<void> {
  await run(inNetwork(lab, ['ip', 'link', 'set', cable(lab, node), state]))
}

export async function isCut(lab: string, node: string): Promise<boolean> {
  const { stdout } = await attempt(inNetwork(lab, ['ip', '-oneline', 'link', 'show', cable(lab, node)]))
  return /<[^>]*>/.test(stdout) && !/<[^>]*\bUP\b[^>]*>/.test(stdout)
}

/** The bridge's end of the node's virtual Ethernet cable, as systemd-nspawn names it. */
export function cable(lab: string, node: string): string {
  return `vb-${machine(lab, node)}`
}

/** The container's name, unique on this machine. Interface names have at most 15 bytes, hence the limit on lab names. */
export function machine(lab: string, node: string): string {
  return `${lab}-${node}`
}
