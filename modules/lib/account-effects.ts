import { content } from '../facts/content.ts'
import { checksum } from '../facts/checksum.ts'
import { group, type Group } from '../facts/account.ts'
import { getent } from '../facts/getent.ts'
import { becomes, stale, staleAlone, type Effect } from '../step.ts'

const FILES = ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow']

/** What changes when users and groups of these names or numbers do: all others stay what they are. */
export const accountFiles = (keys: readonly string[]): readonly Effect[] => [
  ...FILES.flatMap((path) => [staleAlone(content(path)), staleAlone(checksum(path))]),
  ...['passwd', 'shadow', 'group'].flatMap((database) => [...keys, ''].map((key) => stale(getent(database, key)))),
]

/** Whose primary group gets another number: nobody can tell, so it may be any user. */
export const ANY_USER: readonly Effect[] = [stale(content('/etc/passwd'))]

/** Groups that get or lose a member. */
export const membershipEffects = (
  name: string,
  { joined, left }: { readonly joined: readonly Group[]; readonly left: readonly Group[] },
): readonly Effect[] => [
  ...joined.map((one) => becomes(group(one.name), { ...one, members: [...new Set([...one.members, name])] })),
  ...left.map((one) => becomes(group(one.name), { ...one, members: one.members.filter((each) => each !== name) })),
]

/** Why a text can be no name of a user or group; null where it can. */
export function accountNameProblem(name: string): string | null {
  return /^[A-Za-z0-9_.][A-Za-z0-9_.@-]*\$?$/.test(name)
    ? null
    : `this can be no name of a user or group: ${JSON.stringify(name)}`
}

export const NO_TOOLS = 'this host has neither useradd nor adduser: install passwd or shadow-utils'
