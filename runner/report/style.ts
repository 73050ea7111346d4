import { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

import type { OutputStream } from './output.ts'

type Format = Parameters<typeof styleText>[0]

/** Colours for the terminal. Each gives the text back as it is where colours are off. */
export type Style = { readonly [name in keyof typeof FORMATS]: (text: string) => string }

const FORMATS = {
  bold: 'bold',
  dim: 'dim',
  red: 'red',
  green: 'green',
  yellow: 'yellow',
  cyan: 'cyan',
  magenta: 'magenta',
  failure: ['red', 'bold'],
} as const satisfies { readonly [name: string]: Format | readonly string[] }

const paint =
  (format: Format) =>
  (text: string): string =>
    text === '' ? text : styleText(format, text, { validateStream: false })
const plain = (text: string): string => text

const COLOURED: Style = {
  bold: paint(FORMATS.bold),
  dim: paint(FORMATS.dim),
  red: paint(FORMATS.red),
  green: paint(FORMATS.green),
  yellow: paint(FORMATS.yellow),
  cyan: paint(FORMATS.cyan),
  magenta: paint(FORMATS.magenta),
  failure: paint([...FORMATS.failure]),
}
const PLAIN: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  cyan: plain,
  magenta: plain,
  failure: plain,
}

export const styleOf = (coloured: boolean): Style => (coloured ? COLOURED : PLAIN)

/**
 * Whether a stream is to get colours: a terminal that can show them, or any stream where FORCE_COLOR says so. NO_COLOR and TERM=dumb
 * are heeded as Node's own `tty.WriteStream.getColorDepth` heeds them (https://nodejs.org/api/tty.html).
 */
export function wantsColour(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  if (stream.isTTY !== true && env['FORCE_COLOR'] === undefined) return false
  // The method reads nothing of its stream, so that a stream which is not a terminal can ask, too.
  return WriteStream.prototype.getColorDepth.call(stream as WriteStream, env) > 1
}
