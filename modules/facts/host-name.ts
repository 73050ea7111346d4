import { defineFact, UnreadableFact } from '../fact.ts'

const fact = defineFact<string, string>({
  name: 'host-name',
  script: () => 'cat /proc/sys/kernel/hostname 2>/dev/null || uname -n\n',
  parse(raw) {
    const name = raw.toString().trim()
    if (name === '') throw new UnreadableFact('the host does not tell its name')
    return name
  },
})

/** The name that the kernel has for the host. */
export const hostName = () => fact('')
