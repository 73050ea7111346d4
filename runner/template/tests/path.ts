import { lstatSync, statSync, type Stats } from 'node:fs'
import { isAbsolute } from 'node:path'
import { expandUser } from '../filters/path.ts'
import { routine, textOf, type Context, type Routine, type Routines } from '../routine.ts'

/** A test of a path on the machine where drover runs. */
const path = (check: (path: string) => boolean): Routine =>
  routine('', (_: Context, value: unknown) => check(expandUser(textOf(value, 'a path'))))

const stat = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false })
const isLink = path((file) => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)
const isFile = path((file) => stat(file)?.isFile() ?? false)
const isDirectory = path((file) => stat(file)?.isDirectory() ?? false)
const exists = path((file) => stat(file) !== undefined)
const linkExists = path((file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined)

export const pathTests: Routines = new Map([
  ['file', isFile],
  ['is_file', isFile],
  ['directory', isDirectory],
  ['is_dir', isDirectory],
  ['link', isLink],
  ['is_link', isLink],
  ['exists', exists],
  ['link_exists', linkExists],
  ['abs', path(isAbsolute)],
  ['is_abs', path(isAbsolute)],
  [
    'same_file',
    routine('other', (_, value: unknown, other: unknown) => {
      const [a, b] = [stat(textOf(value, 'a path')), stat(textOf(other, 'a path'))]
      return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
    }),
  ],
])
