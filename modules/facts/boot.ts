import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'

const fact = defineFact<readonly string[], string>({
  name: 'boot',
  // In a container the kernel's own id stays; the first process is another one after each boot.
  script: (commands) =>
    commands
      .map((argv) =>
        argv.length > 0
          ? `${commandLine(argv)} || echo "status $?"\n`
          : 'cat /proc/sys/kernel/random/boot_id 2>/dev/null; cut -d " " -f 22 /proc/1/stat || echo "status $?"\n',
      )
      .join(''),
  parse(raw) {
    const text = raw.toString('utf8').trim()
    if (text === '' || /^status \d+$/m.test(text))
      throw new UnreadableFact(`the host does not tell one boot from another: ${text || 'no answer'}`)
    return text
  },
  live: true,
  volatile: true,
})

/** What tells this boot of the host from every other one: what a command prints, or else ids of the kernel's. */
export const boot = (command: readonly string[] = []): Fact<string> => fact(command)
