import { setTimeout as sleep } from 'node:timers/promises'
import type { LabNode } from '../lab/node.ts'

/** Programs of a login that ends by itself, and of whoever asks. */
const passing =
  /^(sshd: \S+( \[priv\]|@notty|@pts.*| \[net\])?|sshd-session.*|bash -c .*|ps -A .*|\(sd-pam\)|\(.*\)|.*systemd --user)$/

/**
 * What a host has now that a tool could leave behind: programs that run, temporary files anywhere, and all that is in the directories for
 * them. To be compared with what it had before.
 */
export async function belongings(node: LabNode): Promise<readonly string[]> {
  const files =
    "find / -xdev -name '.*drover*' -print; find /tmp /var/tmp /dev/shm /run/lock /root -xdev -mindepth 1 ! -path '*/systemd-private-*' -print"
  const [programs = '', paths = ''] = (
    await node.sh(`ps -A -ww -o args= --ppid 2 --deselect; echo %%; ${files}`)
  ).split('%%\n')
  return [...programs.split('\n').filter((program) => !passing.test(program.trim())), ...paths.split('\n')]
    .filter((line) => line !== '')
    .toSorted()
}

/**
 * What a host has more than it had before and than is expected, once that is nothing or does not end by itself: what a login started
 * goes a moment after it.
 */
export async function leftOn(
  node: LabNode,
  before: readonly string[],
  expected: (belonging: string) => boolean = () => false,
): Promise<readonly string[]> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const left = surplus(await belongings(node), before).filter((belonging) => !expected(belonging))
    if (left.length === 0 || Date.now() > deadline) return left
    await sleep(50)
  }
}

/** What is in `now` more often than in `before`. */
function surplus(now: readonly string[], before: readonly string[]): readonly string[] {
  const budget = new Map<string, number>()
  for (const one of before) budget.set(one, (budget.get(one) ?? 0) + 1)
  return now.filter((one) => {
    const left = budget.get(one) ?? 0
    budget.set(one, left - 1)
    return left <= 0
  })
}
