import type { Account, AccountTools, Group } from '../facts/account.ts'
import type { Action, AttributeChange } from '../step.ts'
import { run } from '../step.ts'

export interface UserWish {
  readonly name: string
  readonly uid?: number | undefined
  readonly non_unique: boolean
  readonly group?: string | undefined
  readonly groups?: readonly string[] | undefined
  readonly append: boolean
  readonly comment?: string | undefined
  readonly home?: string | undefined
  readonly create_home: boolean
  readonly move_home: boolean
  readonly skeleton?: string | undefined
  readonly umask?: string | undefined
  readonly shell?: string | undefined
  readonly system: boolean
  readonly password?: string | undefined
  readonly update_password: 'always' | 'on_create'
  readonly password_lock?: boolean | undefined
  readonly password_expire_max?: number | undefined
  readonly password_expire_min?: number | undefined
  readonly expires?: number | undefined
}

/** What differs, for people, and what is to be run for it. */
export interface UserWork {
  readonly attributes: readonly AttributeChange[]
  readonly actions: readonly Action[]
}

const HIDDEN = '********'
const DAY = 86_400

/** The date that useradd and usermod take; empty for never. */
const date = (expires: number): string => (expires < 0 ? '' : new Date(expires * 1000).toISOString().slice(0, 10))

/** A password's hash comes on standard input: words of a command line can be seen by all users. */
const setPassword = (name: string, password: string): Action => ({
  do: 'sh',
  title: `set the password of ${name}`,
  script: 'exec chpasswd -e',
  args: [],
  stdin: Buffer.from(`${name}:${password}\n`),
})

/** Ages and locks, which are set after the account is there. */
function limits(wish: UserWish, current: Account | null): UserWork {
  const attributes: AttributeChange[] = []
  const actions: Action[] = []
  const { shadow } = current ?? { shadow: null }
  const locked = shadow?.password.startsWith('!') ?? false
  const differs = shadow?.password.replace(/^!+/, '') !== wish.password?.replace(/^!+/, '')
  if (wish.password !== undefined && (current === null || (wish.update_password === 'always' && differs))) {
    attributes.push({ name: 'password', before: current === null ? null : HIDDEN, after: `${HIDDEN} (another)` })
    actions.push(
      setPassword(wish.name, wish.password_lock === true ? `!${wish.password.replace(/^!+/, '')}` : wish.password),
    )
  } else if (wish.password_lock !== undefined && wish.password_lock !== locked) {
    attributes.push({ name: 'password_lock', before: locked, after: wish.password_lock })
    actions.push(run('usermod', wish.password_lock ? '-L' : '-U', wish.name))
  }
  for (const [name, flag, before] of [
    ['password_expire_max', '-M', shadow?.max ?? null],
    ['password_expire_min', '-m', shadow?.min ?? null],
  ] as const) {
    const after = wish[name]
    if (after === undefined || after === before) continue
    attributes.push({ name, before, after })
    actions.push(run('chage', flag, String(after), wish.name))
  }
  return { attributes, actions }
}

/** An option with its value, where there is one. */
const text = (flag: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [flag, String(value)]

/** What makes an account that is not there. `own` is the group of the user's own name, where there is one. */
export function createUser(wish: UserWish, tools: AccountTools, own: Group | null): UserWork {
  const { name } = wish
  const shadowWords = [
    ...text('-u', wish.uid),
    ...(wish.uid !== undefined && wish.non_unique ? ['-o'] : []),
    ...(wish.group === undefined ? (own === null ? [] : ['-N']) : ['-g', wish.group]),
    ...(wish.groups === undefined || wish.groups.length === 0 ? [] : ['-G', wish.groups.join(',')]),
    ...text('-c', wish.comment),
    ...text('-d', wish.home),
    ...text('-s', wish.shell),
    ...(wish.expires === undefined ? [] : ['-e', date(wish.expires)]),
    ...(wish.create_home ? ['-m', ...text('-k', wish.skeleton)] : ['-M']),
    ...(wish.umask === undefined ? [] : ['-K', `UMASK=${wish.umask}`]),
    ...(wish.system ? ['-r'] : []),
  ]
  const busyboxWords = [
    '-D',
    ...text('-u', wish.uid),
    ...text('-G', wish.group),
    ...text('-g', wish.comment),
    ...text('-h', wish.home),
    ...text('-s', wish.shell),
    ...(wish.create_home ? text('-k', wish.skeleton) : ['-H']),
    ...(wish.system ? ['-S'] : []),
  ]
  const busybox = tools.kind === 'busybox'
  const add = busybox ? run('adduser', ...busyboxWords, name) : run('useradd', ...shadowWords, name)
  const join = busybox ? (wish.groups ?? []).map((group) => run('addgroup', name, group)) : []
  const after = limits(wish, null)
  const named = (['uid', 'group', 'comment', 'home', 'shell', 'expires'] as const).flatMap((key) => {
    const value = wish[key]
    return value === undefined ? [] : [{ name: key, before: null, after: value }]
  })
  const groups = wish.groups === undefined ? [] : [{ name: 'groups', before: null, after: wish.groups }]
  return {
    attributes: [{ name: 'state', before: 'absent', after: 'present' }, ...named, ...groups, ...after.attributes],
    actions: [add, ...join, ...after.actions],
  }
}

/** What brings an account to what is wished; nothing where it is. */
export function changeUser(wish: UserWish, current: Account, primary: Group | null): UserWork {
  const attributes: AttributeChange[] = []
  const words: string[] = []
  const differ = (
    name: string,
    before: string | number | null,
    after: string | number,
    ...flags: readonly string[]
  ): void => {
    if (before === after) return
    attributes.push({ name, before, after })
    words.push(...flags)
  }
  if (wish.uid !== undefined)
    differ('uid', current.uid, wish.uid, '-u', String(wish.uid), ...(wish.non_unique ? ['-o'] : []))
  if (wish.group !== undefined && primary?.gid !== current.gid)
    differ('group', current.group, primary?.name ?? wish.group, '-g', wish.group)
  if (wish.comment !== undefined) differ('comment', current.comment, wish.comment, '-c', wish.comment)
  if (wish.home !== undefined)
    differ('home', current.home, wish.home, '-d', wish.home, ...(wish.move_home ? ['-m'] : []))
  if (wish.shell !== undefined) differ('shell', current.shell, wish.shell, '-s', wish.shell)
  if (wish.expires !== undefined) {
    const after = wish.expires < 0 ? null : Math.floor(wish.expires / DAY)
    const before = current.shadow?.expires ?? null
    if (before !== after) {
      attributes.push({
        name: 'expires',
        before: before === null ? null : date(before * DAY),
        after: after === null ? null : date(wish.expires),
      })
      words.push('-e', date(wish.expires))
    }
  }
  const groups = wishedGroups(wish, current)
  if (groups !== null) {
    attributes.push({ name: 'groups', before: current.groups, after: groups })
    words.push('-G', groups.join(','))
  }
  const more = limits(wish, current)
  return {
    attributes: [...attributes, ...more.attributes],
    actions: [...(words.length === 0 ? [] : [run('usermod', ...words, wish.name)]), ...more.actions],
  }
}

/** The groups that a user should be in, the primary one apart; null where it is. */
export function wishedGroups(wish: UserWish, current: Account): readonly string[] | null {
  if (wish.groups === undefined) return null
  const wanted = wish.groups.filter((name) => name !== '' && name !== (wish.group ?? current.group))
  const all = [...new Set(wish.append ? [...current.groups, ...wanted] : wanted)].toSorted()
  return all.join() === current.groups.join() ? null : all
}
