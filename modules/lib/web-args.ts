/** The arguments by which modules say how a web server is asked. */
export const webArgs = {
  url_username: {
    type: 'string',
    aliases: ['user'],
    description: 'Who asks, for HTTP authentication.',
    since: '0.1.0',
  },
  url_password: {
    type: 'string',
    aliases: ['password'],
    secret: true,
    description: 'The password for it; it stands on no command line.',
    since: '0.1.0',
  },
  force_basic_auth: {
    type: 'boolean',
    default: false,
    description: 'Accepted: the login is sent with the first request in any case.',
    since: '0.1.0',
  },
  validate_certs: {
    type: 'boolean',
    default: true,
    description: "Checks the server's certificate.",
    since: '0.1.0',
  },
  client_cert: {
    type: 'string',
    format: 'path',
    description: 'A certificate on the host to show to the server, in PEM.',
    since: '0.1.0',
  },
  client_key: { type: 'string', format: 'path', description: 'The key for it, on the host.', since: '0.1.0' },
  http_agent: {
    type: 'string',
    default: 'ansible-httpget',
    description: 'The name under which is asked (User-Agent).',
    since: '0.1.0',
  },
  use_proxy: {
    type: 'boolean',
    default: true,
    description: "With false, the proxy of the host's environment is passed by.",
    since: '0.1.0',
  },
  use_netrc: {
    type: 'boolean',
    default: true,
    description: "Takes a login from the user's `~/.netrc` on the host, where none is given.",
    since: '0.1.0',
  },
} as const

/** Headers as a mapping; numbers and booleans among them are written as they are. */
export const headersOf = (headers: { readonly [name: string]: unknown }): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
