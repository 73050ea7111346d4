import { content } from '../facts/content.ts'
import { isUrl } from '../facts/rpm.ts'
import { download, rpmKeys, type RpmKey } from '../facts/rpm-keys.ts'
import { hostPath } from '../lib/host-path.ts'
import { publicKeys, type PublicKey } from '../lib/openpgp.ts'
import { defineModule, propose, refuse, type HostState, type Infer, type Plan } from '../module.ts'
import { becomes, run, type Step } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['key'],
  properties: {
    key: {
      type: 'string',
      description: 'A url, a file on the host, or, to remove it, the id or fingerprint of a key.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether rpm should trust it.',
      since: '0.1.0',
    },
    fingerprint: {
      type: 'array',
      items: { type: 'string' },
      description: 'The only fingerprints that the keys may have: others are refused.',
      since: '0.1.0',
    },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Whether the certificate of an https server is checked.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly trusted: readonly RpmKey[]
  /** What is in the file or at the url; null where nothing is, or where the task names a key by its id. */
  readonly file: Buffer | null
}

export default defineModule({
  name: 'rpm_key',
  summary: 'Have rpm trust the keys that sign packages.',
  description:
    'What is imported is what was looked at: a url is fetched once, and its fingerprints are checked before.',
  args: ARGS,
  returns: { keys: 'The fingerprints of the keys, or what the task names them by.' },
  examples: [
    {
      title: 'A key of which the fingerprint is known',
      given: 'copy: { src: RPM-GPG-KEY-tools, dest: /var/tmp/drover-RPM-GPG-KEY-tools }',
      task: 'rpm_key:\n  key: /var/tmp/drover-RPM-GPG-KEY-tools\n  fingerprint: E67D 652D 1D66 E788 59B8 2E0A 1A4F FF60 A69E F8CA',
    },
    {
      title: 'Trusted no more',
      given:
        '- copy: { src: RPM-GPG-KEY-tools, dest: /var/tmp/drover-old-key }\n- rpm_key: { key: /var/tmp/drover-old-key }',
      task: 'rpm_key: { key: A69EF8CA, state: absent }',
    },
  ],
  async observe(host: HostState, args: Args): Promise<State> {
    const [trusted, file] = await Promise.all([host.get(rpmKeys()), readKey(host, args)])
    return { trusted, file }
  },
  plan,
})

async function readKey(host: HostState, { key, validate_certs: checked }: Args): Promise<Buffer | null> {
  if (isId(key)) return null
  return isUrl(key) ? host.get(download(key, !checked)) : host.get(content(await hostPath(host, key)))
}

const plain = (id: string): string => id.replace(/\s/g, '').replace(/^0x/i, '').toLowerCase()
const isId = (key: string): boolean => /^(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40})$/.test(plain(key))

function plan(args: Args, { trusted, file }: State): Plan {
  if (isId(args.key)) {
    if (args.state === 'present') return refuse('an id does not say where the key is: give a url or a file')
    const gone = trusted.filter(({ version }) => plain(args.key).endsWith(version) || version.endsWith(plain(args.key)))
    return propose(removal(trusted, gone), { keys: [args.key] })
  }
  if (file === null) return refuse(`there is nothing at ${args.key}`)
  const keys = publicKeys(file)
  if (keys.length === 0) return refuse(`there is no public key in ${args.key}`)
  const wanted = args.fingerprint?.map(plain)
  const other = wanted === undefined ? undefined : keys.find(({ fingerprint }) => !wanted.includes(fingerprint))
  if (other !== undefined) return refuse(`${args.key} has a key with another fingerprint: ${other.fingerprint}`)
  const result = { keys: keys.map(({ fingerprint }) => fingerprint) }
  if (args.state === 'absent')
    return propose(
      removal(
        trusted,
        trusted.filter((one) => keys.some((key) => isSame(one, key))),
      ),
      result,
    )
  const missing = keys.filter((key) => !trusted.some((one) => isSame(one, key)))
  return propose(missing.length === 0 ? [] : [importing(trusted, missing, file)], result)
}

const isSame = ({ version, release }: RpmKey, { fingerprint, created }: PublicKey): boolean =>
  fingerprint.endsWith(version) && release === created

/* rpm 4 cannot import from a pipe. */
const IMPORT = `
umask 077
key=$(mktemp) || exit 1
trap 'rm -f "$key"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$key" && rpm --import "$key"
`

const importing = (trusted: readonly RpmKey[], missing: readonly PublicKey[], file: Buffer): Step => ({
  change: {
    subject: 'keys of rpm',
    verb: 'update',
    attributes: missing.map(({ fingerprint }) => ({ name: fingerprint, before: null, after: 'trusted' })),
  },
  actions: [{ do: 'sh', title: 'rpm --import', script: IMPORT, args: [], stdin: file }],
  effects: [
    becomes(rpmKeys(), [
      ...trusted,
      ...missing.map(({ fingerprint, created }) => ({ version: fingerprint.slice(-8), release: created })),
    ]),
  ],
})

const removal = (trusted: readonly RpmKey[], gone: readonly RpmKey[]): readonly Step[] =>
  gone.length === 0
    ? []
    : [
        {
          change: {
            subject: 'keys of rpm',
            verb: 'remove',
            attributes: gone.map(({ version }) => ({ name: version, before: 'trusted', after: null })),
          },
          actions: [
            run('rpm', '-e', '--allmatches', ...gone.map(({ version, release }) => `gpg-pubkey-${version}-${release}`)),
          ],
          effects: [
            becomes(
              rpmKeys(),
              trusted.filter((one) => !gone.includes(one)),
            ),
          ],
        },
      ]
