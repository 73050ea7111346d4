import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** A service of SysV init or OpenRC. */
export interface InitScript {
  readonly exists: boolean
  readonly running: boolean
  readonly enabled: boolean
  /** The tool that enables it; null where the host has none. */
  readonly enabler: 'update-rc.d' | 'chkconfig' | 'rc-update' | null
}

const script = (manager: string, name: string): string => `
name=${quote(name)}
[ -x "/etc/init.d/$name" ] && echo exists
${
  manager === 'openrc'
    ? `rc-service "$name" status >/dev/null 2>&1 && echo running
for level in /etc/runlevels/*/"$name"; do [ -e "$level" ] && echo enabled && break; done`
    : `service "$name" status >/dev/null 2>&1 && echo running
for link in /etc/rc[2345].d/S[0-9][0-9]"$name" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$name"; do [ -e "$link" ] && echo enabled && break; done`
}
for tool in rc-update update-rc.d chkconfig; do command -v $tool >/dev/null && echo "enabler $tool" && break; done
:`

const initService = defineFact<readonly string[], InitScript>({
  name: 'init-script',
  script: (params) => params.map(([manager = '', name = '']) => script(manager, name)).join('\n'),
  parse: (raw) => parseInitScript(raw.toString('utf8')),
})
/** A service by the name of its script in /etc/init.d. */
export const initScript = (manager: 'openrc' | 'sysv', name: string): Fact<InitScript> => initService([manager, name])

/** A line for each thing that is so: `exists`, `running`, `enabled`, `enabler TOOL`. */
export function parseInitScript(text: string): InitScript {
  const lines = text.split('\n')
  const tool = lines.find((line) => line.startsWith('enabler '))?.slice('enabler '.length)
  return {
    exists: lines.includes('exists'),
    running: lines.includes('running'),
    enabled: lines.includes('enabled'),
    enabler: tool === 'update-rc.d' || tool === 'chkconfig' || tool === 'rc-update' ? tool : null,
  }
}
