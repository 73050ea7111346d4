import type { Ownership } from '../step.ts'

/** The arguments by which modules take a file's mode and owner. */
export const ownershipArgs = {
  mode: {
    type: 'string',
    format: 'mode',
    description:
      'The mode: octal digits in quotes (`"0644"`), or symbolic (`u=rw,g=r,o=`). Unset keeps the one there is; a new file gets what the umask leaves.',
    since: '0.1.0',
  },
  owner: { type: 'string', description: 'The owner: a name or a number.', since: '0.1.0' },
  group: { type: 'string', description: 'The group: a name or a number.', since: '0.1.0' },
} as const

/** The ownership that arguments ask for. */
export function ownershipOf(args: {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}): Ownership {
  return {
    ...(args.mode === undefined ? {} : { mode: args.mode }),
    ...(args.owner === undefined ? {} : { owner: args.owner }),
    ...(args.group === undefined ? {} : { group: args.group }),
  }
}

/** Words of a `validate` command; `%s` stands for the new file and must be there. */
export const VALIDATE = {
  type: 'string',
  description:
    'A command that must accept the new file before it replaces the old one; `%s` stands for its path. No shell sees it.',
  since: '0.1.0',
} as const

export const BACKUP = {
  type: 'boolean',
  default: false,
  description: 'Keeps the old file beside the new one, with the time in its name.',
  since: '0.1.0',
} as const
