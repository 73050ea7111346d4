import { lstatSync, readFileSync, statSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
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

/** A directory is a mount where the one above it is on another device, or is itself. */
const isMount = path((file) => {
  const [here, above] = [lstatSync(file, { throwIfNoEntry: false }), stat(join(file, '..'))]
  if (!here || !above || here.isSymbolicLink()) return false
  return here.dev !== above.dev || here.ino === above.ino
})
const sameFile: Routine = routine('other', (_: Context, value: unknown, other: unknown) => {
  const [a, b] = [stat(textOf(value, 'a path')), stat(textOf(other, 'a path'))]
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
})

export const pathTests: Routines = new Map([
  ['file', isFile],
  ['is_file', isFile],
  ['directory', isDirectory],
  ['is_dir', isDirectory],
  ['link', isLink],
  ['is_link', isLink],
  ['exists', exists],
  ['link_exists', linkExists],
  ['mount', isMount],
  ['is_mount', isMount],
  ['vaulted_file', path((file) => readFileSync(file).subarray(0, 15).toString() === '$ANSIBLE_VAULT;')],
  ['abs', path(isAbsolute)],
  ['is_abs', path(isAbsolute)],
  ['same_file', sameFile],
  ['is_same_file', sameFile],
])
