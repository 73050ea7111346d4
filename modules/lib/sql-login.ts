import type { SqlLogin } from '../facts/galera-node.ts'
import type { Address } from '../question.ts'

/** Where the packages of Debian and Red Hat have the server listen. */
const SOCKETS: readonly Address[] = ['/run/mysqld/mysqld.sock', '/var/lib/mysql/mysql.sock'].map((path) => ({
  kind: 'unix',
  path,
}))

/** The arguments by which a module logs in to a MySQL or MariaDB server. */
export const loginProperties = {
  login_user: { type: 'string', default: 'root', description: 'The user of the database server.', since: '0.1.0' },
  login_password: { type: 'string', secret: true, description: 'Its password.', since: '0.1.0' },
  check_implicit_admin: {
    type: 'boolean',
    default: false,
    description: 'Logs in as root without a password where that is allowed: to a server that was just installed.',
    since: '0.1.0',
  },
  login_unix_socket: {
    type: 'string',
    format: 'path',
    description: 'The socket of the server; where the packages put it, unless `login_host` is set.',
    since: '0.1.0',
  },
  login_host: { type: 'string', description: 'The server, as this host reaches it.', since: '0.1.0' },
  login_port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    default: 3306,
    description: 'Its port.',
    since: '0.1.0',
  },
} as const

interface LoginArgs {
  readonly login_user: string
  readonly login_password?: string | undefined
  readonly login_unix_socket?: string | undefined
  readonly login_host?: string | undefined
  readonly login_port: number
  readonly check_implicit_admin: boolean
}

/** The host's own server, or the one that is named. */
export function loginOf(args: LoginArgs): SqlLogin {
  const who = whoOf(args)
  if (args.login_unix_socket !== undefined)
    return { ...who, addresses: [{ kind: 'unix', path: args.login_unix_socket }] }
  if (args.login_host !== undefined) return { ...who, addresses: [tcp(args.login_host, args.login_port)] }
  return { ...who, addresses: SOCKETS }
}

/** The server at `host`, `host:port` or `[address]:port`. */
export function loginTo(place: string, args: LoginArgs): SqlLogin {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? []
  const address = tcp(bracketed ?? plain ?? place, port === undefined ? args.login_port : Number(port))
  return { ...whoOf(args), addresses: [address] }
}

const whoOf = (args: LoginArgs): Omit<SqlLogin, 'addresses'> => ({
  user: args.login_user,
  password: args.login_password,
  implicitAdmin: args.check_implicit_admin,
})

const tcp = (host: string, port: number): Address => ({ kind: 'tcp', host, port })
