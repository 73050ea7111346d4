import { isUtf8 } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { commandLine, quote } from '../../modules/lib/quote.ts'
import type { Content, HostAction, Ownership, RunAction, ScriptAction, WriteAction } from '../../modules/step.ts'

/** Content up to this size is part of the request; larger content is sent after it (bytes). */
export const inlineSize = 256 * 1024

/** Content from this size on is worth some effort on the host (bytes). */
const largeSize = 32 * 1024 * 1024

/** True where the action's content is to be sent after the request instead of in it. */
export function needsUpload(action: HostAction): boolean {
  if (action.do === 'run' || action.do === 'sh') return action.input !== undefined
  return action.do === 'write' && (action.content.kind === 'file' || action.content.bytes.length > inlineSize)
}

/** True where the action's script calls the shell functions of file-functions.ts. */
export function needsFunctions(action: HostAction): boolean {
  return (action.do !== 'run' && action.do !== 'sh') || action.stdin !== undefined
}

/**
 * The shell text of one action, to run in a subshell. The content of a write that `needsUpload` comes on standard input, any other from
 * the command `content` where that is given.
 */
export function actionScript(
  action: HostAction,
  environment: { readonly [name: string]: string },
  content?: string,
): string {
  switch (action.do) {
    case 'write':
      return writeScript(action, content)
    case 'attributes': {
      const path = itself(action.path)
      const flag = action.link === true ? ' -h' : ''
      const times = (['mtime', 'atime'] as const).flatMap((name) => {
        const seconds = action[name]
        return seconds === undefined
          ? []
          : [`touch -c -${name.slice(0, 1)}${flag} -d ${quote(`@${seconds}`)} ${quote(path)}`]
      })
      return [`attributes ${quote(path)} ${ownership(action)}${flag}`, ...times].join(' || exit 1\n')
    }
    case 'directory':
      return `directory ${quote(itself(action.path))} ${ownership(action)}`
    case 'link': {
      const path = itself(action.path)
      return `link ${commandLine([path, action.target, beside(path)])}${action.hard === true ? '' : ' -s'}`
    }
    case 'remove':
      return `remove ${quote(itself(action.path))} ${action.recursive === true ? 'recursive' : 'one'}`
    case 'run':
      // Not every shell's exec takes `--`.
      return processScript(
        action,
        `exec ${action.argv[0]?.startsWith('-') ? 'env -- ' : ''}${commandLine(action.argv)}`,
        environment,
      )
    case 'sh':
      return processScript(
        action,
        `exec /bin/sh -c ${quote(action.script)} ${commandLine(['sh', ...action.args])}`,
        environment,
      )
  }
}

/** A command that prints what a small file is to hold. */
export function contentCommand({ content }: WriteAction): string {
  return content.kind === 'bytes' ? inline(content.bytes) : 'cat'
}

function writeScript(action: WriteAction, content: string | undefined): string {
  const path = operand(action.path)
  const temporary = beside(path)
  const size = sizeOf(action.content)
  const effort = size < largeSize ? 'small' : 'large'
  const lines = [
    `begin ${commandLine([path, temporary])} ${ownership(action)}`,
    // Whether all of it was written is for `finish` to say.
    needsUpload(action) ? `receive ${effort}` : `${content ?? contentCommand(action)} >&9`,
    `finish ${contentDigest(action.content)} ${effort}`,
  ]
  if (action.validate !== undefined) {
    const words = action.validate.map((word) => word.replaceAll('%s', () => temporary))
    lines.push(
      `(exec ${commandLine(words)}) >&2 || die ${quote(`the new ${action.path} was refused by ${words[0] ?? 'its check'}`)}`,
    )
  }
  lines.push(`replace ${action.backup === true ? 'backup' : 'no'}`)
  return lines.join('\n')
}

function processScript(
  action: RunAction | ScriptAction,
  command: string,
  environment: { readonly [name: string]: string },
): string {
  const lines = Object.entries({ ...environment, ...action.environment }).map(
    ([name, value]) => `export ${quote(`${name}=${value}`)} || exit 1`,
  )
  if (action.chdir !== undefined) lines.push(`cd ${quote(operand(action.chdir))} || exit 1`)
  if (action.umask !== undefined) lines.push(`umask ${quote(action.umask)} || exit 1`)
  lines.push(command)
  const script = lines.join('\n')
  return action.stdin === undefined ? script : `body() {\n${script}\n}\n${inline(action.stdin)} | body`
}

/** A command that prints bytes: as they are where a word can hold them, which starts no process, otherwise in base64. */
function inline(bytes: Buffer): string {
  const encoded = bytes.toString('base64')
  if (isUtf8(bytes) && !bytes.includes(0)) {
    const word = quote(bytes.toString())
    if (Buffer.byteLength(word) <= encoded.length) return `text ${word}`
  }
  return `text ${quote(encoded.replace(/.{1,76}/g, '$&\n'))} | decode`
}

function ownership({ owner, group, mode }: Ownership): string {
  return [owner, group, mode].map((word) => quote(word ?? '')).join(' ')
}

const sizeOf = (content: Content): number => (content.kind === 'file' ? content.size : content.bytes.length)

/** The SHA-256 of content, in hexadecimal. */
export function contentDigest(content: Content): string {
  return content.kind === 'file' ? content.sha256 : createHash('sha256').update(content.bytes).digest('hex')
}

/** A name in the same directory that nothing else has. A name of a file has at most 255 bytes. */
function beside(path: string): string {
  const directory = posix.dirname(path)
  const name = Buffer.from(posix.basename(path)).subarray(0, 200).toString()
  return `${directory === '/' ? '' : directory}/.${name}.drover-${randomBytes(8).toString('hex')}`
}

/** A path that no program takes for an option, and that has a directory. */
export function operand(path: string): string {
  return path.startsWith('/') ? path : `./${path}`
}

/** A path without the slash at its end, which would lead through a link. */
function itself(path: string): string {
  return operand(path).replace(/(?<=.)\/+$/, '')
}
