import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Fact } from '../../modules/fact.ts'
import type { Action, HostAction, InputFile, ServiceAction } from '../../modules/step.ts'
import { acceptedStatuses } from './accepts-status.ts'
import { actionScript, needsFunctions, needsUpload } from './action-script.ts'
import { cksum } from './cksum.ts'
import { fileFunctions } from './file-functions.ts'
import type { Basis, Work } from './host.ts'
import { groupScript, plainLocale, type ReadingGroup } from './read-script.ts'
import type { Sections } from './sections.ts'

/** The part of a piece of work that goes in one request. */
export interface Portion {
  readonly actions: readonly HostAction[]
  readonly basis: readonly Basis[]
  readonly readBack: readonly Fact<unknown>[]
  readonly environment: { readonly [name: string]: string }
  readonly upload: Upload | undefined
  /** Milliseconds, of an action that has a time-out of its own. */
  readonly timeout: number | undefined
}
export interface Upload {
  open(): Readable
  /** Bytes. */
  readonly size: number
}

/** Characters of inline content that one request may hold, about. */
const portionSize = 1024 * 1024

/** Cuts work into requests and what services are asked: one, unless content is large or an action has a time-out of its own. The basis goes with the first, reading back with the last. */
export function splitWork(work: Work): readonly Lot[] {
  const lots: (HostAction[] | ServiceAction)[] = []
  let size = 0
  for (const action of work.actions) {
    if (isService(action)) {
      lots.push(action)
      continue
    }
    const own = standsAlone(action)
    const length = action.do === 'write' && action.content.kind === 'bytes' ? action.content.bytes.length : 0
    const last = lots.at(-1)
    if (!Array.isArray(last) || (last.length > 0 && (own || size + length > portionSize || last.some(standsAlone)))) {
      lots.push([action])
      size = length
    } else {
      last.push(action)
      size += length
    }
  }
  if (lots.length === 0) lots.push([])
  return lots.map((lot, index): Lot => {
    const basis = index === 0 ? work.basis : []
    if (!Array.isArray(lot)) return { kind: 'service', action: lot, basis }
    const portion = {
      actions: lot,
      basis,
      readBack: index === lots.length - 1 ? work.readBack : [],
      environment: work.environment,
      upload: uploadOf(lot[0]),
      timeout: timeoutOf(lot[0]),
    }
    return { kind: 'script', portion }
  })
}

/** What goes in one request, or to one service. */
export type Lot =
  | { readonly kind: 'script'; readonly portion: Portion }
  | { readonly kind: 'service'; readonly action: ServiceAction; readonly basis: readonly Basis[] }

export const isService = (action: Action): action is ServiceAction =>
  action.do === 'await' || action.do === 'request' || action.do === 'fetch'

const standsAlone = (action: HostAction): boolean => needsUpload(action) || timeoutOf(action) !== undefined

function timeoutOf(action: HostAction | undefined): number | undefined {
  return action !== undefined && (action.do === 'run' || action.do === 'sh') && action.timeout !== undefined
    ? action.timeout * 1000
    : undefined
}

function uploadOf(action: HostAction | undefined): Upload | undefined {
  if (action === undefined || !needsUpload(action)) return undefined
  if (action.do === 'run' || action.do === 'sh')
    return action.input === undefined ? undefined : uploadOfFile(action.input)
  if (action.do !== 'write') return undefined
  const { content } = action
  return content.kind === 'file'
    ? uploadOfFile(content)
    : { open: () => Readable.from([content.bytes]), size: content.bytes.length }
}

/** A file of the controller, read as it is sent. */
export const uploadOfFile = ({ path, size }: InputFile): Upload => ({
  open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  size,
})

/** The script of one portion: compare, act, read back. Its output is cut by `sections`. */
export function performScript(portion: Portion, sections: Sections, readGroups: readonly ReadingGroup[]): string {
  const readBack = readGroups.map((group, index) => `${groupScript(group)}\nmark read ${index}\n`).join('')
  return [
    sections.define(),
    portion.actions.some(needsFunctions) ? fileFunctions : '',
    `finally() {\n:\n${readBack === '' ? '' : `(\n${plainLocale}${readBack})\n`}exit 0\n}\n`,
    basisScript(portion.basis),
    ...portion.actions.map(
      (action, index) =>
        `(\n${actionScript(action, portion.environment)}\n)\ns=$?; mark action-${index} $s\n${stopUnless(action)}`,
    ),
    'finally\n',
  ].join('')
}

function stopUnless(action: HostAction): string {
  const statuses = acceptedStatuses(action)
  if (statuses === 'any') return ''
  return `case $s in ${statuses.length === 0 ? "''" : statuses.join('|')}) ;; *) finally ;; esac\n`
}

/** Compares what the host says now with what the plan was made from, by checksum. */
function basisScript(basis: readonly Basis[]): string {
  if (basis.length === 0) return ''
  const scripts = basis.map(({ fact }) => groupScript({ kind: fact.kind, facts: [fact] })).join('\n')
  return `b=$( {\n${plainLocale}${scripts}\n} 2>/dev/null | cksum)\n[ "$b" = '${cksum(basis.map(({ raw }) => raw))}' ] || { mark moved 0; exit 0; }\n`
}
