const SUFFIX = /\.(?:service|socket|target|timer|mount|automount|swap|path|slice|scope|device|snapshot)$/

/** A unit's whole name: without a suffix it is a service, as systemctl takes it. */
export const unitName = (name: string): string => (SUFFIX.test(name) ? name : `${name}.service`)

/** `mysql@.service`: a template itself, which can be enabled for nothing and never run. */
export const isTemplate = (name: string): boolean => /@\.\w+$/.test(name)

/** Where an administrator's unit files lie, and the packages': in order of precedence (systemd.unit(5)). */
export function unitPaths(name: string, scope: 'system' | 'user' | 'global'): readonly string[] {
  const kind = scope === 'system' ? 'system' : 'user'
  const template = name.replace(/@[^.]*\./, '@.')
  return ['/etc/systemd', '/run/systemd', '/usr/lib/systemd', '/lib/systemd'].flatMap((root) =>
    [...new Set([name, template])].map((file) => `${root}/${kind}/${file}`),
  )
}

/** What is wrong with a unit's name; null where nothing is. */
export const nameProblem = (name: string): string | null =>
  /^[\w:.\\@-]+$/.test(name) ? null : `${name} is no name of a unit: patterns and blanks are not taken`
