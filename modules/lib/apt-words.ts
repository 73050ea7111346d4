import type { Deb } from '../facts/deb.ts'

/** The name in `name=version`, `name/release` and `name:arch`. */
export const packageName = (written: string): string => written.replace(/[=/].*$/, '')

/** Whether a package is there as it is written: in that version, if it names one (`1.2*` for any that starts so). */
export function satisfied(written: string, found: readonly Deb[]): boolean {
  const version = /=(.*)$/.exec(written)?.[1]
  // What a pattern stands for only apt-get can say.
  if (/[*?[]/.test(packageName(written)) || written.includes('/')) return false
  const installed = found.filter(({ status }) => status === 'installed')
  if (version === undefined) return installed.length > 0
  const pattern = new RegExp(`^${version.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`)
  return installed.some((each) => pattern.test(each.version))
}

export interface AptOptions {
  readonly default_release?: string | undefined
  readonly install_recommends?: boolean | undefined
  readonly dpkg_options: string
  readonly allow_downgrade: boolean
  readonly allow_unauthenticated: boolean
  readonly allow_change_held_packages: boolean
  readonly force: boolean
}

/** The options of apt-get that a task's arguments stand for. */
export function installOptions(args: AptOptions): readonly string[] {
  const allow = (name: string, asked: boolean): readonly string[] => (asked || args.force ? [`--allow-${name}`] : [])
  return [
    ...args.dpkg_options
      .split(',')
      .filter(Boolean)
      .flatMap((option) => ['-o', `Dpkg::Options::=--${option.trim()}`]),
    ...(args.default_release === undefined ? [] : ['-t', args.default_release]),
    ...(args.install_recommends === undefined
      ? []
      : ['-o', `APT::Install-Recommends=${args.install_recommends ? 'yes' : 'no'}`]),
    ...allow('downgrades', args.allow_downgrade),
    ...allow('unauthenticated', args.allow_unauthenticated),
    ...allow('change-held-packages', args.allow_change_held_packages),
    ...(args.force ? ['--allow-remove-essential'] : []),
  ]
}
