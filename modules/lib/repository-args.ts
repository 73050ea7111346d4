import { ownershipArgs } from './ownership-args.ts'

const text = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'string', aliases, description, since: '0.1.0' }) as const
const flag = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'boolean', aliases, description, since: '0.1.0' }) as const
const list = (description: string, ...aliases: readonly string[]) =>
  ({ type: 'array', items: { type: 'string' }, aliases, description, since: '0.1.0' }) as const
const secret = (description: string) => ({ type: 'string', secret: true, description, since: '0.1.0' }) as const

/** What a repository's section may say, by the names of dnf.conf(5). */
export const REPOSITORY_OPTIONS = {
  baseurl: list('Where the repository is; several urls are mirrors of each other.'),
  mirrorlist: text('The url of a list of mirrors.'),
  metalink: text('The url of a metalink file.'),
  enabled: flag('Whether it is used where a task does not ask for it.'),
  gpgcheck: flag("Whether the packages' signatures are checked."),
  gpgkey: list('The urls of the keys that sign the packages.'),
  repo_gpgcheck: flag("Whether the signature of the repository's metadata is checked."),
  exclude: list('Packages not to take from it.', 'excludepkgs'),
  includepkgs: list('The only packages to take from it.'),
  priority: text('Its rank: a lower number goes before a higher one.'),
  cost: text('What it costs to use, in comparison to others.'),
  proxy: text('The url of a proxy, or `_none_`.'),
  proxy_username: text('The user that the proxy wants.'),
  proxy_password: secret('The password that the proxy wants.'),
  username: text('The user that the repository wants.'),
  password: secret('The password that the repository wants.'),
  sslverify: flag('Whether the certificate of the server is checked.', 'validate_certs'),
  sslcacert: text('The certificates of the authorities to trust.', 'ca_cert'),
  sslclientcert: text("The client's certificate.", 'client_cert'),
  sslclientkey: text("The client's key.", 'client_key'),
  metadata_expire: text('After how many seconds (or `6h`, `never`) what is known of it is old.'),
  skip_if_unavailable: flag('Whether to go on without it where it cannot be reached.'),
  module_hotfixes: flag('Whether its packages are taken whatever module stream they are of.'),
  countme: flag('Whether the host is counted.'),
  enablegroups: flag('Whether its groups are used.'),
  keepcache: text('Whether packages are kept after they are installed: 1 or 0.'),
  ip_resolve: text('4 or 6: the only kind of address to use.'),
  bandwidth: text('The most bytes a second that are there.'),
  throttle: text('How much of the bandwidth to use.'),
  timeout: text('Seconds to wait for a server.'),
  retries: text('How often to try.'),
  failovermethod: text('How yum 3 goes through the urls: `roundrobin` or `priority`.'),
  protect: flag("Whether yum 3 keeps its packages from being replaced by other repositories'."),
} as const

export const REPOSITORY_ARGS = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text('Its id: the section of the file.'),
    description: text('What people call it.'),
    file: text('The file in the directory of repositories, without `.repo`: the id where unset.'),
    reposdir: {
      type: 'string',
      format: 'path',
      default: '/etc/yum.repos.d',
      description: 'The directory of repositories.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it should be there.',
      since: '0.1.0',
    },
    ...REPOSITORY_OPTIONS,
    ...ownershipArgs,
  },
} as const
