import { createHash, getHashes } from 'node:crypto'
import { routine, textOf, type Context, type Routine, type Routines } from '../routine.ts'
import { entriesOf } from '../values/mapping.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail, isMapping } from '../values/types.ts'

function digest(value: unknown, algorithm: string): string {
  if (!getHashes().includes(algorithm)) fail(`there is no hash "${algorithm}"`)
  return createHash(algorithm).update(str(value)).digest('hex')
}
const hashed = (algorithm: string): Routine => routine('', (_: Context, value: unknown) => digest(value, algorithm))

/** RFC 4122, 4.3: a name-based UUID with SHA-1. */
function uuid5(name: string, namespace: string): string {
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) fail(`Invalid value '${namespace}' for 'namespace'`)
  const hash = createHash('sha1').update(bytes).update(name).digest().subarray(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function urlQuote(value: unknown, safe: string): string {
  const escaped = encodeURIComponent(str(value)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe.split('').reduce((text, char) => text.replaceAll(encodeURIComponent(char), char), escaped)
}

const encodings: ReadonlyMap<string, BufferEncoding> = new Map([
  ['utf-8', 'utf8'],
  ['utf8', 'utf8'],
  ['utf-16-le', 'utf16le'],
  ['latin-1', 'latin1'],
  ['iso-8859-1', 'latin1'],
  ['ascii', 'ascii'],
])
function encoding(name: unknown): BufferEncoding {
  return encodings.get(str(name).toLowerCase()) ?? fail(`the encoding ${str(name)} is not supported`)
}

/** The parts of a URL, as Python's urlsplit names them. */
function urlSplit(url: string): Map<string, unknown> {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  const [, username = null, password = null, host = '', port = null] =
    /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(netloc) ?? []
  return new Map<string, unknown>([
    ['fragment', fragment],
    ['hostname', host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase()],
    ['netloc', netloc],
    ['password', password],
    ['path', path],
    ['port', port === null ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', username],
  ])
}

export const encodingFilters: Routines = new Map([
  [
    'b64encode',
    routine('encoding?', (_, value: unknown, name: unknown = 'utf-8') =>
      Buffer.from(str(value), encoding(name)).toString('base64'),
    ),
  ],
  [
    'b64decode',
    routine('encoding?', (_, value: unknown, name: unknown = 'utf-8') =>
      Buffer.from(textOf(value, 'base64'), 'base64').toString(encoding(name)),
    ),
  ],
  ['hash', routine('hashtype?', (_, value: unknown, type: unknown = 'sha1') => digest(value, str(type)))],
  ['md5', hashed('md5')],
  ['sha1', hashed('sha1')],
  ['checksum', hashed('sha1')],
  [
    'to_uuid',
    // The namespace that Ansible's documentation gives for this filter.
    routine('namespace?', (_, value: unknown, namespace: unknown = '361E6D51-FAEC-444A-9079-341386DA8E2E') =>
      uuid5(str(value), str(namespace)),
    ),
  ],
  [
    'urlencode',
    routine('', (_, value: unknown) => {
      if (typeof value === 'string' || (!isMapping(value) && !Array.isArray(value))) return urlQuote(value, '/')
      const pairs = isMapping(value) ? entriesOf(value) : iterate(value).map((pair) => iterate(pair))
      return pairs.map(([key, item]) => `${form(key)}=${form(item)}`).join('&')
    }),
  ],
  ['urldecode', routine('', (_, value: unknown) => decodeURIComponent(str(value).replaceAll('+', ' ')))],
  [
    'urlsplit',
    routine('query?', (_, value: unknown, query: unknown = '') => {
      const parts = urlSplit(str(value))
      if (query === '') return parts
      return parts.has(str(query)) ? parts.get(str(query)) : fail(`unknown URL component: ${str(query)}`)
    }),
  ],
])

function form(value: unknown): string {
  return urlQuote(value, '').replaceAll('%20', '+')
}
