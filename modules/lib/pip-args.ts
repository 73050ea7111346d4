const text = (description: string) => ({ type: 'string', description, since: '0.1.0' }) as const
const path = (description: string) => ({ type: 'string', format: 'path', description, since: '0.1.0' }) as const
const flag = (description: string) => ({ type: 'boolean', default: false, description, since: '0.1.0' }) as const

export const PIP_ARGS = {
  type: 'object',
  requiredOneOf: [['name', 'requirements']],
  mutuallyExclusive: [
    ['name', 'requirements'],
    ['executable', 'virtualenv'],
  ],
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Packages: names, with versions if need be (`requests>=2,<3`), urls, or paths of archives and sources.',
      since: '0.1.0',
    },
    version: text('The version of the one package that is named: `1.2`, or `>=1.2,<2`.'),
    requirements: path('A file on the host that lists the packages.'),
    virtualenv: path('A virtual environment; it is made where it is not there.'),
    virtualenv_command: {
      type: 'string',
      default: 'virtualenv',
      description: 'What makes the environment, with its options: `python3 -m venv` is there wherever Python is.',
      since: '0.1.0',
    },
    virtualenv_python: text('The Python of a new environment, where virtualenv makes it.'),
    virtualenv_site_packages: flag("Whether a new environment sees the host's own packages."),
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest', 'forcereinstall'],
      default: 'present',
      description: 'latest: as new as can be had. forcereinstall: installed again each time.',
      since: '0.1.0',
    },
    executable: text('The pip to use: a name or a path. By default the first of pip3 and pip.'),
    extra_args: text('More options for pip install, as one text.'),
    editable: flag('Installs from the very directory or checkout, so that changes of it count at once.'),
    chdir: path('The directory to run pip in: paths are seen from there.'),
    umask: text('The umask for what pip makes, in octal digits.'),
    break_system_packages: flag(
      "Installs among the packages of the host's own Python, which its package manager keeps.",
    ),
  },
} as const
