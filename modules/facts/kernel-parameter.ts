import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import { parameterPath } from '../lib/sysctl-text.ts'

const fact = defineFact<string, string | null>({
  name: 'kernel-parameter',
  script: (paths) => paths.map((path) => `cat -- ${quote(`/proc/sys/${path}`)} 2>/dev/null || :`).join('\n'),
  parse: (raw) => raw.toString('utf8').trim().replaceAll('\t', ' ') || null,
})

/**
 * A kernel parameter by its name (`vm.swappiness`), as sysctl(8) prints it; null where the kernel has none of that name, or does not say
 * what it is.
 */
export const kernelParameter = (name: string): Fact<string | null> => fact(parameterPath(name) ?? name)
