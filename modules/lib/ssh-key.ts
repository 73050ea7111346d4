import { stat } from '../facts/stat.ts'
import { becomes, stale, type Step } from '../step.ts'
import { predictedStat } from './ownership.ts'

export const SSH_KEY_ARGS = {
  generate_ssh_key: {
    type: 'boolean',
    default: false,
    description: 'Makes a key pair, where the file is not there.',
    since: '0.1.0',
  },
  ssh_key_type: {
    type: 'string',
    default: 'rsa',
    description: 'The type of the key, as ssh-keygen takes it.',
    since: '0.1.0',
  },
  ssh_key_bits: { type: 'integer', description: 'How long the key is.', since: '0.1.0' },
  ssh_key_file: {
    type: 'string',
    format: 'path',
    description: 'Where the key goes, as seen from the home directory.',
    since: '0.1.0',
  },
  ssh_key_comment: { type: 'string', description: 'The comment of the key. By default who made it.', since: '0.1.0' },
} as const

/* $1 user, $2 file, $3 type, $4 bits or nothing, $5 comment or nothing. Prints the public key. */
const GENERATE = `
user=$1 file=$2 type=$3 bits=$4 comment=$5
directory=\${file%/*}
if [ ! -d "$directory" ]; then
  mkdir -m 700 "$directory" && chown "$user:" "$directory" || exit 1
fi
ssh-keygen -q -t "$type" \${bits:+-b "$bits"} -C "\${comment:-drover-generated on $(uname -n)}" -N '' -f "$file" </dev/null || exit 1
chown "$user:" "$file" "$file.pub" || exit 1
cat "$file.pub"
`

interface KeyWish {
  readonly ssh_key_type: string
  readonly ssh_key_bits?: number | undefined
  readonly ssh_key_file?: string | undefined
  readonly ssh_key_comment?: string | undefined
}

/** The step that makes a key pair for a user, and where it goes. */
export function sshKeyStep(wish: KeyWish, user: string, home: string): { readonly step: Step; readonly file: string } {
  const written = wish.ssh_key_file ?? `.ssh/id_${wish.ssh_key_type}`
  const file = written.startsWith('/') ? written : `${home}/${written}`
  const words = [user, file, wish.ssh_key_type, String(wish.ssh_key_bits ?? ''), wish.ssh_key_comment ?? '']
  return {
    file,
    step: {
      change: { subject: file, verb: 'create', attributes: [{ name: 'state', before: 'absent', after: 'file' }] },
      actions: [{ do: 'sh', title: `make a key pair for ${user}`, script: GENERATE, args: words }],
      effects: [
        becomes(stat(file), predictedStat('file', { mode: '0600', owner: user })),
        stale(stat(`${file}.pub`)),
        stale(stat(file.slice(0, file.lastIndexOf('/')))),
      ],
    },
  }
}
