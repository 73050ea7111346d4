import { defineFact, UnreadableFact } from '../fact.ts'

/** Whose files the task makes: the user that it runs as on the host, and that user's umask. */
export interface Creator {
  readonly uid: number
  readonly gid: number
  readonly owner: string
  readonly group: string
  /** Four octal digits. */
  readonly umask: string
  /** The user's home directory. */
  readonly home: string
}

const fact = defineFact<string, Creator>({
  name: 'creator',
  script: () => 'id -u; id -g; id -un 2>/dev/null || echo; id -gn 2>/dev/null || echo; umask; printf "%s\\n" ~\n',
  parse(raw) {
    const [uid = '', gid = '', owner = '', group = '', umask = '', ...home] = raw.toString().split('\n')
    if (!/^\d+$/.test(uid) || !/^[0-7]+$/.test(umask))
      throw new UnreadableFact('cannot tell which user the task runs as: id gave no answer')
    return {
      uid: Number(uid),
      gid: Number(gid),
      owner: owner || uid,
      group: group || gid,
      umask: umask.padStart(4, '0').slice(-4),
      home: home.join('\n').replace(/\n$/, ''),
    }
  },
})

/** Who a new file belongs to. */
export const creator = () => fact('')
