const flag = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'boolean', default: false, aliases, description, since: '0.1.0' }) as const
const text = (description: string) => ({ type: 'string', description, since: '0.1.0' }) as const
const names = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'array', items: { type: 'string' }, default: [], aliases, description, since: '0.1.0' }) as const

export const YUM_ARGS = {
  type: 'object',
  requiredOneOf: [['name', 'update_cache', 'autoremove']],
  properties: {
    name: names(
      'The packages: `name`, `name-version`, `name.arch`, `@group`, a pattern, a path or provide, a package file on the host, a url. `*` with `state: latest` is all that is installed.',
      'pkg',
      'package',
    ),
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest', 'installed', 'removed'],
      description:
        'What should be: there, gone, newest. By default there, and gone where the task asks for `autoremove` and names nothing.',
      since: '0.1.0',
    },
    enablerepo: names('Repositories to use beside those that are enabled.'),
    disablerepo: names('Repositories not to use.'),
    exclude: names('Packages to leave alone.'),
    disable_excludes: text('Whose excluded packages to take nevertheless: `all`, `main` or a repository.'),
    update_cache: flag('Looks at the repositories anew, even if what is known of them is recent.', 'expire-cache'),
    cacheonly: flag('Uses only what is known of the repositories.'),
    disable_gpg_check: flag('Takes packages whose signature cannot be checked.'),
    sslverify: {
      type: 'boolean',
      default: true,
      aliases: ['validate_certs'],
      description: 'Whether the certificates of https servers are checked.',
      since: '0.1.0',
    },
    installroot: {
      type: 'string',
      format: 'path',
      default: '/',
      description: 'The root directory below which packages are.',
      since: '0.1.0',
    },
    releasever: text('The release of the distribution to take packages of.'),
    conf_file: text("The settings of dnf or yum to use instead of the host's."),
    autoremove: flag('Removes packages that only came along and are not needed any more.'),
    allow_downgrade: flag('Lets a version be lower than the installed one.'),
    allowerasing: flag('Lets packages go that are in the way. Not for yum 3.'),
    best: {
      type: 'boolean',
      description: 'Takes the newest version or none; or whatever version can be had.',
      since: '0.1.0',
    },
    nobest: flag('The same as `best: false`.'),
    skip_broken: flag('Leaves out packages that cannot be installed.'),
    update_only: flag('With `state: latest`: installs nothing that is not there.'),
    bugfix: flag('With `state: latest`: only updates that mend bugs.'),
    security: flag('With `state: latest`: only updates that mend security.'),
    install_weak_deps: {
      type: 'boolean',
      default: true,
      description: 'Whether packages come along that are only recommended.',
      since: '0.1.0',
    },
    enable_plugin: names('Plugins of dnf or yum to use.'),
    disable_plugin: names('Plugins of dnf or yum not to use.'),
    download_only: flag('Fetches packages, and installs none.'),
    download_dir: text('With `download_only`: where to.'),
    lock_timeout: {
      type: 'integer',
      minimum: 0,
      default: 30,
      description: 'Seconds to wait for another program that changes packages to end.',
      since: '0.1.0',
    },
    install_repoquery: { type: 'boolean', description: "For Ansible's sake: accepted.", since: '0.1.0' },
    use_backend: text("For Ansible's sake: what the host has is used."),
    use: text("For Ansible's sake: what the host has is used."),
  },
} as const
