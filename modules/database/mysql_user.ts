import { accounts, grants, type Account, type Accounts } from '../facts/mysql-accounts.ts'
import type { SqlLogin } from '../facts/galera-node.ts'
import type { Privileges } from '../lib/mysql-privileges.ts'
import { userSteps } from '../lib/mysql-user-plan.ts'
import { sqlLoginOf, sqlProperties } from '../lib/sql-args.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'mysql_user',
  summary: 'Keep a user and what it may do on a MySQL or MariaDB server.',
  description:
    'Over the ssh connection of the host. Users are made by CREATE USER before anything is granted. `priv` is all that a user may do: what it has besides ' +
    'is revoked, unless `append_privs` is true; without `priv`, privileges stay as they are, roles always do. On MariaDB a new password leaves the ' +
    'other ways in that a user has, e.g. root’s by unix_socket. TLS requirements and limits are not offered.',
  args: {
    type: 'object',
    required: ['name'],
    mutuallyExclusive: [
      ['password', 'plugin'],
      ['plugin_hash_string', 'plugin_auth_string'],
      ['append_privs', 'subtract_privs'],
    ],
    properties: {
      name: {
        type: 'string',
        aliases: ['user'],
        description: 'The user; empty for the anonymous one.',
        since: '0.1.0',
      },
      host: {
        type: 'string',
        default: 'localhost',
        description: 'Where the user comes from; % is anywhere.',
        since: '0.1.0',
      },
      host_all: {
        type: 'boolean',
        default: false,
        description: 'All hosts that the user is known from, in place of `host`.',
        since: '0.1.0',
      },
      password: { type: 'string', secret: true, description: 'The password.', since: '0.1.0' },
      encrypted: {
        type: 'boolean',
        default: false,
        description: '`password` is what mysql_native_password keeps: `*` and 40 digits.',
        since: '0.1.0',
      },
      plugin: { type: 'string', pattern: '^\\w+$', description: 'The plugin that lets the user in.', since: '0.1.0' },
      plugin_hash_string: { type: 'string', secret: true, description: 'What the plugin keeps.', since: '0.1.0' },
      plugin_auth_string: { type: 'string', secret: true, description: 'The password for the plugin.', since: '0.1.0' },
      priv: {
        type: 'any',
        description:
          '`shop.*:SELECT,INSERT/*.*:PROCESS`, or a mapping of what to privileges. GRANT lets the user pass them on.',
        since: '0.1.0',
      },
      append_privs: {
        type: 'boolean',
        default: false,
        description: 'Adds `priv`, and revokes nothing.',
        since: '0.1.0',
      },
      subtract_privs: { type: 'boolean', default: false, description: 'Revokes `priv`.', since: '0.1.0' },
      column_case_sensitive: {
        type: 'boolean',
        default: false,
        description: 'Tells names of columns in `priv` apart by case; servers do not.',
        since: '0.1.0',
      },
      update_password: {
        type: 'string',
        enum: ['always', 'on_create', 'on_new_username'],
        default: 'always',
        description:
          'on_create: only a new user gets it; on_new_username: one whose name is known from another host gets the password that it has there.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'absent: the user is gone.',
        since: '0.1.0',
      },
      sql_log_bin: {
        type: 'boolean',
        default: true,
        description: 'Whether replicas are told. A Galera cluster always is.',
        since: '0.1.0',
      },
      ...sqlProperties,
    },
  },
  returns: {
    user: 'The user.',
    password_changed: 'Whether it has another password now.',
  },
  examples: [
    {
      title: 'A user for an application',
      task: 'mysql_user:\n  name: shop\n  host: "%"\n  password: "{{ shop_password }}"\n  priv: { "shop.*": "SELECT,INSERT,UPDATE,DELETE" }\n',
      needs: 'a database server',
    },
    {
      title: 'No anonymous users',
      task: 'mysql_user: { name: "", host_all: true, state: absent }',
      needs: 'a database server',
    },
  ],
  async observe(host, args): Promise<Seen> {
    const login = await sqlLoginOf(host, args)
    const known = await host.get(accounts(login, args.name))
    const found = known.kind === 'known' ? known.accounts.filter((one) => args.host_all || isFrom(one, args.host)) : []
    const privileges =
      args.priv === undefined ? [] : await Promise.all(found.map((one) => host.get(grants(login, args.name, one.host))))
    return { login, known, privileges: new Map(found.map((one, index) => [one.host, privileges[index] ?? new Map()])) }
  },
  plan(args, { login, known, privileges }) {
    if (known.kind === 'unknown') return refuse(known.message)
    const hosts = args.host_all ? known.accounts.map(({ host }) => host) : [args.host]
    if (args.host_all && args.state === 'present' && hosts.length === 0)
      return refuse(`no user ${args.name} is known from any host: say from which with host`)
    const planned = userSteps(args, hosts, login, known, privileges)
    if (typeof planned === 'string') return refuse(planned)
    const { steps, warnings, passwordChanged } = planned
    return propose(steps, { user: args.name, password_changed: passwordChanged }, warnings)
  },
})

interface Seen {
  readonly login: SqlLogin
  readonly known: Accounts
  /** By host, for accounts that are there; a text says why they are not known. */
  readonly privileges: ReadonlyMap<string, Privileges | string>
}

const isFrom = ({ host }: Account, wanted: string): boolean => host.toLowerCase() === wanted.toLowerCase()
