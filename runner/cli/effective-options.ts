import type { RunOptions } from '../engine/run.ts'
import type { Variables } from '../inventory/inventory.ts'
import { Malformed } from '../inventory/malformed.ts'
import { shellWords } from '../inventory/shell-words.ts'
import type { Problem } from '../language/source.ts'
import { version } from './package-root.ts'
import { type RunFlags, tagsOfFlags } from './run-flags.ts'
import type { Settings } from './settings/table.ts'

/** What a run is to do: the command line over the settings over drover's own. Passwords are not in it yet. */
export function effectiveOptions(
  flags: RunFlags,
  settings: Settings,
  extraVars: Variables,
): { readonly options: RunOptions } | { readonly problems: readonly Problem[] } {
  const forks = wholeNumber('--forks', flags.forks, settings.forks ?? 50)
  const timeout = wholeNumber('--timeout', flags.timeout, settings.timeout ?? 10)
  const common = words('--ssh-common-args', flags.sshCommonArgs) ?? settings.sshCommonArgs ?? []
  const extra = words('--ssh-extra-args', flags.sshExtraArgs) ?? settings.sshExtraArgs ?? []
  if (typeof forks === 'object' || typeof timeout === 'object' || 'message' in common || 'message' in extra)
    return { problems: [forks, timeout, common, extra].filter(isProblem) }
  const sshArgs = [...(settings.sshArgs ?? []), ...common, ...extra]
  const { hostKeyChecking } = settings
  const tags = tagsOfFlags(flags.tags)
  const skipTags = tagsOfFlags(flags.skipTags)
  return {
    options: {
      check: flags.check === true,
      diff: flags.diff ?? settings.diffAlways ?? false,
      forks,
      verbosity: Math.max(flags.verbose, settings.verbosity ?? 0),
      limit: flags.limit,
      step: flags.step === true,
      tags: {
        only: tags.length > 0 ? tags : (settings.runTags ?? []),
        skip: skipTags.length > 0 ? skipTags : (settings.skipTags ?? []),
      },
      extraVars,
      connection: {
        connection: flags.connection ?? settings.connection,
        user: flags.user ?? settings.remoteUser,
        port: settings.remotePort,
        privateKeyFile: flags.privateKey ?? settings.privateKeyFile,
        connectTimeout: timeout * 1000,
        sshArgs: sshArgs.length > 0 ? sshArgs : undefined,
        hostKeyChecking: hostKeyChecking === undefined ? undefined : hostKeyChecking ? 'yes' : 'no',
      },
      become: {
        become: flags.become ?? settings.become,
        user: flags.becomeUser ?? settings.becomeUser,
        method: flags.becomeMethod ?? settings.becomeMethod,
        flags: settings.becomeFlags,
      },
      forceHandlers: flags.forceHandlers ?? settings.forceHandlers ?? false,
      readAhead: flags.readAhead,
      profile: flags.profile === true || flags.profileJson !== undefined,
      inventorySources: inventorySources(flags.inventory, settings),
      version: version(),
    },
  }
}

/** The sources of the command line, or those of the settings. */
export const inventorySources = (given: readonly string[], { inventory = [] }: Settings): readonly string[] =>
  given.length > 0 ? given : inventory

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'message' in value

function wholeNumber(flag: string, text: string | undefined, otherwise: number): number | Problem {
  const number = text === undefined ? otherwise : Number(text)
  return Number.isInteger(number) && number >= 1
    ? number
    : { message: `${flag} takes a whole number from 1 on, not "${text ?? otherwise}"` }
}

function words(flag: string, text: string | undefined): readonly string[] | Problem | undefined {
  try {
    return text === undefined ? undefined : shellWords(text).map((word) => word.text)
  } catch (error) {
    if (error instanceof Malformed) return { message: `${flag}: ${error.message}` }
    throw error
  }
}
