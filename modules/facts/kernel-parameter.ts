import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** A kernel parameter by its name (`vm.swappiness`), as sysctl(8) prints it; null where the kernel has none of that name. */
export const kernelParameter: (name: string) => Fact<string | null> = defineFact<string, string | null>({
  name: 'kernel-parameter',
  script: (names) =>
    names.map((name) => `cat -- ${quote(`/proc/sys/${name.replaceAll('.', '/')}`)} 2>/dev/null || :`).join('\n'),
  parse: (raw) => raw.toString('utf8').trim().replaceAll('\t', ' ') || null,
})
