import type { VaultFlags } from './options.ts'

/** The options of `drover run` as the command line gave them. */
export interface RunFlags extends VaultFlags {
  readonly inventory: readonly string[]
  readonly limit?: string
  readonly extraVars: readonly string[]
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
  readonly step?: boolean
  readonly check?: boolean
  readonly diff?: boolean
  readonly forks?: string
  readonly user?: string
  readonly askPass?: boolean
  readonly connectionPasswordFile?: string
  readonly privateKey?: string
  readonly connection?: string
  readonly timeout?: string
  readonly sshCommonArgs?: string
  readonly sshExtraArgs?: string
  readonly become?: boolean
  readonly becomeUser?: string
  readonly becomeMethod?: string
  readonly askBecomePass?: boolean
  readonly becomePasswordFile?: string
  readonly forceHandlers?: boolean
  readonly syntaxCheck?: boolean
  readonly listHosts?: boolean
  readonly listTasks?: boolean
  readonly listTags?: boolean
  readonly output: 'auto' | 'live' | 'lines' | 'json'
  readonly verbose: number
  readonly modulePath?: readonly string[]
  readonly profile?: boolean
  readonly profileJson?: string
  readonly readAhead: boolean
}

/** Tags of several options, each a comma-separated list. */
export const tagsOfFlags = (flags: readonly string[]): readonly string[] =>
  flags
    .flatMap((flag) => flag.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

/** What holds where nothing is said on the command line. */
export const noFlags: RunFlags = {
  inventory: [],
  extraVars: [],
  tags: [],
  skipTags: [],
  vaultId: [],
  vaultPasswordFile: [],
  output: 'lines',
  verbose: 0,
  readAhead: true,
}
