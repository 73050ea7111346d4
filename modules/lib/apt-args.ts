const flag = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'boolean', default: false, aliases, description, since: '0.1.0' }) as const

export const APT_ARGS = {
  type: 'object',
  requiredOneOf: [['name', 'deb', 'update_cache', 'cache_valid_time', 'upgrade', 'autoremove', 'autoclean', 'clean']],
  mutuallyExclusive: [['deb', 'name', 'upgrade']],
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['package', 'pkg'],
      description: 'The packages: `name`, `name=version` (also `1.2*`), `name:arch`, or a pattern.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest', 'build-dep', 'fixed', 'installed', 'removed'],
      default: 'present',
      description:
        'What should be: there, gone, newest; build-dep for what is needed to build it; fixed repairs what is half installed.',
      since: '0.1.0',
    },
    deb: { type: 'string', description: 'A package file on the host.', since: '0.1.0' },
    update_cache: {
      type: 'boolean',
      aliases: ['update-cache'],
      description: 'Fetches the lists of packages first.',
      since: '0.1.0',
    },
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Fetches them only where they are older than so many seconds.',
      since: '0.1.0',
    },
    upgrade: {
      type: 'string',
      enum: ['no', 'yes', 'safe', 'full', 'dist'],
      default: 'no',
      description: 'Upgrades all packages; full and dist may remove some for it.',
      since: '0.1.0',
    },
    purge: flag('With `state: absent`: removes settings too.'),
    autoremove: flag('Removes packages that only came along and are not needed any more.'),
    autoclean: flag('Removes downloaded packages that cannot be had any more.'),
    clean: flag('Removes all downloaded packages.'),
    default_release: {
      type: 'string',
      aliases: ['default-release'],
      description: 'The release to take packages from.',
      since: '0.1.0',
    },
    install_recommends: {
      type: 'boolean',
      aliases: ['install-recommends'],
      description: "Installs what is only recommended, or does not. By default as the host's apt is set.",
      since: '0.1.0',
    },
    only_upgrade: flag('Upgrades what is installed, and installs nothing new.'),
    dpkg_options: {
      type: 'string',
      default: 'force-confdef,force-confold',
      description: 'Options for dpkg, without their dashes.',
      since: '0.1.0',
    },
    lock_timeout: {
      type: 'integer',
      minimum: 0,
      default: 60,
      description: 'Seconds to wait for another apt or dpkg to end.',
      since: '0.1.0',
    },
    policy_rc_d: {
      type: 'integer',
      description: 'What policy-rc.d answers meanwhile: 101 keeps services from being started.',
      since: '0.1.0',
    },
    allow_downgrade: flag(
      'Lets a version be lower than the installed one.',
      'allow-downgrade',
      'allow_downgrades',
      'allow-downgrades',
    ),
    allow_unauthenticated: flag('Takes packages that nobody signed.', 'allow-unauthenticated'),
    allow_change_held_packages: flag('Changes packages that are held.'),
    fail_on_autoremove: flag('Fails where packages would be removed.'),
    force: flag('Allows all that apt-get warns of. Dangerous.'),
    force_apt_get: flag("For Ansible's sake: apt-get is used in any case."),
    update_cache_retries: { type: 'integer', description: "For Ansible's sake: accepted.", since: '0.1.0' },
    update_cache_retry_max_delay: { type: 'integer', description: "For Ansible's sake: accepted.", since: '0.1.0' },
  },
} as const
