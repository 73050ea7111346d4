import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Fact } from '../../modules/fact.ts'
import type { Action, HostAction, InputFile, ServiceAction } from '../../modules/step.ts'
import { needsFunctions, needsUpload } from './action-script.ts'
import { actionsScript } from './actions-script.ts'
import { basisScript } from './basis-script.ts'
import { fileFunctions } from './file-functions.ts'
import type { Basis, Work } from './host.ts'
import { groupScript, plainLocale, type ReadingGroup } from './read-script.ts'
import type { Sections } from './sections.ts'

/** What goes in one request. */
export interface Portion {
  /** Independent of each other: where an action fails, the rest of its part is left out. One, unless works are performed together. */
  readonly parts: readonly (readonly HostAction[])[]
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
      parts: [lot],
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

/** Works that do not depend on each other as one request; null where one of them needs more than that, or they are too much for it. */
export function joinWorks(works: readonly Work[]): Portion | null {
  const [first] = works
  const actions = works.flatMap((work) => work.actions)
  const [lot, ...more] = splitWork({ actions, basis: [], readBack: [], environment: {} })
  if (first === undefined || lot?.kind !== 'script' || more.length > 0 || lot.portion.upload !== undefined) return null
  return {
    ...lot.portion,
    parts: works.map((work) => work.actions.filter((action) => !isService(action))),
    basis: works.flatMap((work) => work.basis),
    readBack: works.flatMap((work) => work.readBack),
    environment: first.environment,
  }
}

/** The script of one portion: compare, act, read back. Its output is cut by `sections`. */
export function performScript(portion: Portion, sections: Sections, readGroups: readonly ReadingGroup[]): string {
  const readBack = readGroups.map((group, index) => `${groupScript(group)}\nmark read ${index}\n`).join('')
  return [
    sections.define(),
    portion.parts.some((actions) => actions.some(needsFunctions)) ? fileFunctions : '',
    basisScript(portion.basis),
    actionsScript(portion.parts, portion.environment),
    readBack === '' ? '' : `(\n${plainLocale}${readBack})\n`,
    'exit 0\n',
  ].join('')
}
