import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { Lock } from './lock.ts'
import { attempt, run } from './run.ts'

/** The loop devices of an image file. */
export async function loopsOf(file: string): Promise<string[]> {
  return existsSync(file) ? words(await run(['losetup', '--associated', file, '--noheadings', '--output', 'NAME'])) : []
}

/** Makes an image file into a block device that can have partitions; one that it has already is given again. */
export async function attachLoop(file: string, lock: Lock): Promise<string> {
  const [existing] = await loopsOf(file)
  return existing ?? (await run(['losetup', '--find', '--show', '--partscan', file], { lock })).trim()
}

/** Detaches the loop devices of all image files below a directory; the kernel says the directory, so it may be gone. */
export async function detachLoopsBelow(dir: string, lock: Lock): Promise<void> {
  const table = await run(['losetup', '--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE'])
  for (const line of table.split('\n')) {
    const [device = '', file = ''] = line.split(' ')
    // Those that `mount` made are detached by the kernel itself when it unmounts, perhaps between the list and here.
    if (file.startsWith(`${dir}/`)) await attempt(['losetup', '--detach', device], { lock })
  }
}

export function isMounted(dir: string): boolean {
  return mountPoints().includes(dir)
}

export async function mountImage(file: string, dir: string, lock: Lock): Promise<void> {
  mkdirSync(dir, { recursive: true })
  if (!isMounted(dir)) await run(['mount', '-o', 'loop,discard', file, dir], { lock })
}

/** Unmounts all that is mounted at or below a directory, what was mounted last first. */
export async function unmountBelow(dir: string, lock: Lock): Promise<void> {
  for (const point of mountPoints().toReversed()) {
    if (point !== dir && !point.startsWith(`${dir}/`)) continue
    const { status } = await attempt(['umount', point], { lock })
    // Someone's shell stands in it: the kernel takes it away when they leave.
    if (status !== 0) await run(['umount', '--lazy', point], { lock })
  }
}

function mountPoints(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ').slice(4, 5))
    .map((point) => point.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))))
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}
