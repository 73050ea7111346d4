import { content } from '../facts/content.ts'
import type { SqlLogin } from '../facts/galera-node.ts'
import type { HostState } from '../module.ts'
import type { Address } from '../question.ts'
import { hostPath } from './host-path.ts'
import { iniValues } from './ini-text.ts'
import { loginProperties, loginOf } from './sql-login.ts'

const { login_password, login_unix_socket, login_host, check_implicit_admin } = loginProperties

/** The arguments by which a module logs in to a server, with what a `config_file` on the host says where they are unset. */
export const sqlProperties = {
  login_user: {
    type: 'string',
    description: 'The user of the database server: as in `config_file`, else root.',
    since: '0.1.0',
  },
  login_password,
  login_unix_socket,
  login_host,
  login_port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    description: 'Its port: as in `config_file`, else 3306.',
    since: '0.1.0',
  },
  config_file: {
    type: 'string',
    format: 'path',
    default: '~/.my.cnf',
    description:
      'An option file on the host; user, password, host, port and socket of its section [client] count where the arguments say nothing.',
    since: '0.1.0',
  },
  check_implicit_admin,
  connect_timeout: {
    type: 'integer',
    minimum: 1,
    default: 30,
    description: 'Seconds for logging in, and again for each statement.',
    since: '0.1.0',
  },
} as const

export interface SqlArgs {
  readonly login_user?: string | undefined
  readonly login_password?: string | undefined
  readonly login_unix_socket?: string | undefined
  readonly login_host?: string | undefined
  readonly login_port?: number | undefined
  readonly config_file: string
  readonly check_implicit_admin: boolean
  readonly connect_timeout: number
}

/** How to log in: by the arguments, then by the host's option file, then as root over the socket or, where there is none, over loopback. */
export async function sqlLoginOf(host: HostState, args: SqlArgs): Promise<SqlLogin> {
  const text = (await host.get(content(await hostPath(host, args.config_file))))?.toString('utf8') ?? ''
  const option = (name: string): string | undefined => optionValue(iniValues(text, 'client', name).at(-1))
  const port = args.login_port ?? Number(option('port') ?? 3306)
  const named = args.login_host ?? (args.login_unix_socket === undefined ? option('host') : undefined)
  const local = named === undefined || named === 'localhost'
  const login = loginOf({
    login_user: args.login_user ?? option('user') ?? 'root',
    login_password: args.login_password ?? option('password'),
    login_unix_socket: args.login_unix_socket ?? (local ? option('socket') : undefined),
    login_host: local ? undefined : named,
    login_port: port,
    check_implicit_admin: args.check_implicit_admin,
  })
  const loopback: Address = { kind: 'tcp', host: '127.0.0.1', port }
  const own = local && args.login_unix_socket === undefined
  return { ...login, addresses: own ? [...login.addresses, loopback] : login.addresses, patience: args.connect_timeout }
}

/** https://dev.mysql.com/doc/refman/8.0/en/option-files.html: a value may stand in quotes. */
function optionValue(written: string | null | undefined): string | undefined {
  if (written === null || written === undefined) return undefined
  const [, quoted] = /^(?:"(.*)"|'(.*)')$/.exec(written)?.filter((part) => part !== undefined) ?? []
  return (quoted ?? written).replaceAll('\\\\', '\\')
}
