import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** What starts and supervises services; `none` in a bare container or chroot. */
export type ServiceManager = 'systemd' | 'openrc' | 'sysv' | 'none'

const manager = defineFact<string, ServiceManager>({
  name: 'service-manager',
  // sd_booted(3); /run/openrc/softlevel is there once OpenRC has booted.
  script: () => `if [ -d /run/systemd/system ]; then echo systemd
elif command -v rc-service >/dev/null; then echo openrc
elif [ -d /etc/init.d ] && { command -v service || command -v update-rc.d || command -v chkconfig; } >/dev/null; then echo sysv
else echo none; fi`,
  parse: (raw) => {
    const word = raw.toString('utf8').trim()
    return word === 'systemd' || word === 'openrc' || word === 'sysv' ? word : 'none'
  },
})
/** The service manager that runs on the host. */
export const serviceManager = (): Fact<ServiceManager> => manager('')
