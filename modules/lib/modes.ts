/** What a symbolic mode is applied to. */
export interface ModeBase {
  /** Four octal digits. */
  readonly mode: string
  readonly directory: boolean
  /** Four octal digits; a clause without `u`, `g`, `o` or `a` leaves these bits alone, as chmod(1) says. */
  readonly umask?: string
}

const OCTAL = /^0{0,2}[0-7]{1,4}$/
const CLAUSE = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/
const OPERATION = /([-+=])([ugo]|[rwxXst]*)/g

/** Whether a text is a mode: octal digits, or symbolic as chmod(1) takes it (`u=rw,g=r,o=`, `a+X`). */
export function isMode(text: string): boolean {
  return OCTAL.test(text) || (text !== '' && text.split(',').every((clause) => CLAUSE.test(clause)))
}

/** The four octal digits that a mode stands for. A symbolic one is applied to `base`, clause by clause. What is no mode changes nothing. */
export function resolveMode(text: string, base: ModeBase): string {
  if (OCTAL.test(text)) return octal(Number.parseInt(text, 8))
  let mode = Number.parseInt(base.mode, 8)
  if (!isMode(text)) return octal(mode)
  const umask = Number.parseInt(base.umask ?? '0022', 8)
  for (const clause of text.split(',')) {
    const [, who = '', operations = ''] = CLAUSE.exec(clause) ?? []
    const users = who === '' || who.includes('a') ? 'ugo' : who
    for (const [, operator, permissions = ''] of operations.matchAll(OPERATION)) {
      const free = who === '' ? ~umask : ~0
      const bits = bitsOf(permissions, users, mode, base.directory) & free
      if (operator === '+') mode |= bits
      else if (operator === '-') mode &= ~bits
      else mode = (mode & ~reach(users)) | bits
    }
  }
  return octal(mode)
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

const SHIFT: { readonly [user: string]: number } = { u: 6, g: 3, o: 0 }
const PERMISSION: { readonly [letter: string]: number } = { r: 4, w: 2, x: 1 }

/** The bits that belong to each kind of user: set-user-id, set-group-id and the sticky bit among them. */
const SPECIAL: { readonly [user: string]: number } = { u: 0o4000, g: 0o2000, o: 0o1000 }

/** The bits that `=` sets or clears for these users. */
const reach = (users: string): number =>
  users.split('').reduce((bits, user) => bits | (7 << (SHIFT[user] ?? 0)) | (SPECIAL[user] ?? 0), 0)

function bitsOf(permissions: string, users: string, mode: number, directory: boolean): number {
  const copied = SHIFT[permissions]
  let bits = 0
  for (const user of users) {
    const shift = SHIFT[user] ?? 0
    if (copied !== undefined) {
      bits |= ((mode >> copied) & 7) << shift
      continue
    }
    for (const letter of permissions) {
      if (letter === 's') bits |= user === 'o' ? 0 : (SPECIAL[user] ?? 0)
      else if (letter === 't') bits |= user === 'o' ? 0o1000 : 0
      else if (letter === 'X') bits |= directory || (mode & 0o111) !== 0 ? 1 << shift : 0
      else bits |= (PERMISSION[letter] ?? 0) << shift
    }
  }
  return bits
}
