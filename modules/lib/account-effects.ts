import { content } from '../facts/content.ts'
import { checksum } from '../facts/checksum.ts'
import { stale, type Effect } from '../step.ts'

/** What changes in any case when users or groups do: the files that hold them. */
export const ACCOUNT_FILES: readonly Effect[] = ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'].flatMap(
  (path) => [stale(content(path)), stale(checksum(path))],
)

/** Why a text can be no name of a user or group; null where it can. */
export function accountNameProblem(name: string): string | null {
  return /^[A-Za-z0-9_.][A-Za-z0-9_.@-]*\$?$/.test(name)
    ? null
    : `this can be no name of a user or group: ${JSON.stringify(name)}`
}

export const NO_TOOLS = 'this host has neither useradd nor adduser: install passwd or shadow-utils'
