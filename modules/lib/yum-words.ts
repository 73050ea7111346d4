import type { Infer } from '../module.ts'
import type { RpmManager } from '../facts/package-manager.ts'
import type { YUM_ARGS } from './yum-args.ts'

export type YumArgs = Infer<typeof YUM_ARGS>

const each = (option: string, values: readonly string[]) => values.map((value) => `--${option}=${value}`)
const when = (asked: boolean, ...words: readonly string[]) => (asked ? words : [])
const set = (name: string, value: boolean | number) => `--setopt=${name}=${Number(value)}`

/** The options of a host's dnf or yum that a task's arguments stand for. */
export function yumOptions(args: YumArgs, { generation }: RpmManager): readonly string[] {
  const best = args.nobest ? false : args.best
  return [
    // dnf 5 does not wait by itself.
    ...when(generation !== 5, set('exit_on_lock', true)),
    ...each('disablerepo', args.disablerepo),
    ...each('enablerepo', args.enablerepo),
    ...each('exclude', args.exclude),
    ...(args.disable_excludes === undefined
      ? []
      : each(generation === 5 ? 'setopt=disable_excludes' : 'disableexcludes', [args.disable_excludes])),
    ...each('enableplugin', args.enable_plugin),
    ...each('disableplugin', args.disable_plugin),
    // yum 3 has no --refresh.
    ...when(args.update_cache, generation === 3 ? set('metadata_expire', 1) : '--refresh'),
    ...when(args.cacheonly, '--cacheonly'),
    ...when(args.disable_gpg_check, '--nogpgcheck'),
    ...when(!args.sslverify, set('sslverify', false)),
    ...when(args.installroot !== '/', `--installroot=${args.installroot}`),
    // Where the root has no repositories of its own, dnf 4 and yum take the host's.
    ...when(args.installroot !== '/' && generation === 5, '--use-host-config'),
    ...(args.releasever === undefined ? [] : each('releasever', [args.releasever])),
    ...(args.conf_file === undefined ? [] : each('config', [args.conf_file])),
    ...when(args.allowerasing && generation !== 3, '--allowerasing'),
    ...(best === undefined || generation === 3 ? [] : [set('best', best)]),
    ...when(args.skip_broken, '--skip-broken'),
    ...when(!args.install_weak_deps && generation !== 3, set('install_weak_deps', false)),
    ...when(args.download_only, '--downloadonly'),
    ...(args.download_dir === undefined ? [] : each(generation === 5 ? 'destdir' : 'downloaddir', [args.download_dir])),
    set('clean_requirements_on_remove', args.autoremove),
  ]
}

/** The options of `upgrade` that say which updates are meant. */
export const updateOptions = (args: YumArgs): readonly string[] => [
  ...(args.bugfix ? ['--bugfix'] : []),
  ...(args.security ? ['--security'] : []),
]

/** How a package is written: what kind of thing it names. */
export const isGroup = (written: string): boolean => written.startsWith('@')
export const isPackageFile = (written: string): boolean => written.endsWith('.rpm') && /^[~./]/.test(written)
export const isPattern = (written: string): boolean => /[*?[]/.test(written)
