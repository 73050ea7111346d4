import { creator, type Creator } from '../facts/creator.ts'
import { propose, refuse, outputText, type HostState, type JsonObject, type Plan } from '../module.ts'
import type { ActionResult, Ownership, Step } from '../step.ts'
import { hostPath } from './host-path.ts'
import { makeDirectory, wayTo, type Way } from './parents.ts'
import { readFile, replaceFile, type FileBefore } from './replace-file.ts'

/** A text file that is to be edited, and what stands between it and the root. */
export interface TextFile {
  readonly file: FileBefore
  readonly way: Way
  readonly creator: Creator
}

/** Reads a file that is to be edited, links followed; `~` is the user's home. */
export async function observeText(host: HostState, written: string): Promise<TextFile> {
  const path = await hostPath(host, written)
  const [file, by] = await Promise.all([readFile(host, path), host.get(creator())])
  return {
    file,
    creator: by,
    way: file.before === null ? await wayTo(host, file.real) : { missing: [], blocked: null },
  }
}

/** The file as characters that stand for one byte each, so that whatever is not edited stays as it is. */
export const latin1 = ({ file }: TextFile): string => (file.before ?? Buffer.alloc(0)).toString('latin1')

/** Text as the bytes of its UTF-8, one character each: to be put into such a file. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** The same of an argument that may be unset. */
export const optionalBytes = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : bytesOf(text)

export interface TextWish {
  /** The whole file, one character for each byte. */
  readonly text: string
  readonly ownership?: Ownership
  readonly backup?: boolean
  readonly validate?: readonly string[] | undefined
  readonly secret?: boolean
  /** Mode and owner of directories that are made on the way. */
  readonly directories?: Ownership
}

/** The steps that make a file hold a text: directories on the way, then the file. None where it holds it; a problem where it cannot. */
export function textSteps(state: TextFile, wish: TextWish): readonly Step[] | { readonly problem: string } {
  const { file, way, creator } = state
  if (way.blocked !== null) return { problem: `${file.path} cannot be made: ${way.blocked} is not a directory` }
  const step = replaceFile({
    path: file.real,
    via: file.path,
    link: file.link,
    stat: file.stat,
    before: file.before,
    after: Buffer.from(wish.text, 'latin1'),
    ownership: wish.ownership ?? {},
    creator,
    ...(wish.backup === undefined ? {} : { backup: wish.backup }),
    ...(wish.validate === undefined ? {} : { validate: wish.validate }),
    ...(wish.secret === undefined ? {} : { secret: wish.secret }),
  })
  return step === null ? [] : [...way.missing.map((path) => makeDirectory(path, wish.directories ?? {}, creator)), step]
}

/** The same as a whole plan. */
export function planText(state: TextFile, wish: TextWish, result: JsonObject): Plan {
  const steps = textSteps(state, wish)
  return 'problem' in steps ? refuse(steps.problem, result) : propose(steps, result)
}

/** Where the old file was kept, once the write was performed; null where it was not. */
export function backupOf({ way }: TextFile, performed: readonly ActionResult[]): string | null {
  const written = performed[way.missing.length]
  return written === undefined || written.stdout.length === 0 ? null : outputText(written.stdout)
}
