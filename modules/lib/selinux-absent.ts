import type { Selinux } from '../facts/selinux.ts'

/** What modules about SELinux say of hosts without. */
export const NO_SELINUX = 'A host without SELinux has nothing to do, which is told as a warning.'

/** Whether a host has neither a kernel that runs SELinux nor a policy for the next boot. */
export const noSelinux = ({ running, policies }: Selinux): boolean => running === 'disabled' && policies.length === 0

/** What is said of a host on which semanage(8) is missing. */
export const NO_SEMANAGE =
  'semanage is not installed: install policycoreutils-python-utils (policycoreutils-python on EL7)'
