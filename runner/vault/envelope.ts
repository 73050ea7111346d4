/** What ansible-vault writes around a ciphertext. */
export interface Envelope {
  /** The vault id that it was encrypted with: format 1.2 has one, 1.1 has none. */
  readonly label: string | undefined
  readonly salt: Buffer
  readonly hmac: Buffer
  readonly ciphertext: Buffer
}

const prefix = '$ANSIBLE_VAULT;'

/** Whether bytes are what ansible-vault made. */
export function isEncrypted(bytes: Buffer): boolean {
  return bytes.subarray(0, prefix.length).toString('latin1') === prefix
}

/**
 * Takes an encrypted text apart: a header line `$ANSIBLE_VAULT;1.1;AES256` or `$ANSIBLE_VAULT;1.2;AES256;LABEL`, then hexadecimal lines,
 * which hold three more hexadecimal lines: salt, HMAC and ciphertext. Gives what is wrong with it as a text.
 */
export function readEnvelope(text: string): Envelope | string {
  const [header = '', ...lines] = text.trim().split(/\s+/)
  const [mark, version, cipher, label] = header.split(';')
  if (`${mark};` !== prefix) return 'it does not begin with "$ANSIBLE_VAULT;"'
  if (version !== '1.1' && version !== '1.2')
    return `its format is ${version ?? 'missing'}, and only 1.1 and 1.2 are known`
  if (cipher !== 'AES256') return `its cipher is ${cipher ?? 'missing'}, and only AES256 is known`
  const inner = fromHex(lines.join(''))
  if (inner === undefined)
    return 'it is cut short or was changed: there must be hexadecimal digits below its first line'
  const parts = inner.toString('latin1').split('\n').map(fromHex)
  const [salt, hmac, ciphertext] = parts
  if (parts.length !== 3 || salt === undefined || hmac === undefined || ciphertext === undefined)
    return 'it is cut short or was changed: it must hold salt, check sum and text'
  return { label: version === '1.2' ? label : undefined, salt, hmac, ciphertext }
}

/** The text of an envelope, in lines of 80 digits, with a line end at its end. */
export function writeEnvelope({ label, salt, hmac, ciphertext }: Envelope): string {
  const inner = Buffer.from([salt, hmac, ciphertext].map((part) => part.toString('hex')).join('\n'), 'latin1')
  const header = label === undefined ? `${prefix}1.1;AES256` : `${prefix}1.2;AES256;${label}`
  return `${[header, ...(inner.toString('hex').match(/.{1,80}/g) ?? [])].join('\n')}\n`
}

function fromHex(text: string): Buffer | undefined {
  return /^(?:[0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined
}
