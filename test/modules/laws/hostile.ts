import { Scalar, parse } from 'yaml'
import type { JsonObject, ValueSchema } from '../../../schema/infer.ts'
import { checkArguments } from '../../../schema/arguments.ts'
import type { Module } from '../../../modules/module.ts'
import { modules } from '../../../modules/index.ts'

/** What exists once a text was taken for a program. */
export const TRACE = '/tmp/laws-trace'

const run = `touch ${TRACE}`
/** Texts that a shell, a template, a format or a parser might take for its own. */
export const TEXTS = {
  'one line': `x'"$(${run})\`${run}\`;${run}|${run}&%s%n{{ 7 * 7 }}{% if %}é€\\`,
  'two lines': `x\n${run}\n'\n${run}\n#`,
  'with a NUL': `x\0${run}`,
} as const

/** More than the words of a program may hold together, and a path; one argument of each module has to do with it. */
const LONG = 'x'.repeat(2 ** 20)

/** What runs programs on purpose, waits, reboots, or asks services that the lab's hosts do not have. */
const APART = new Set(['reboot', 'wait_for', 'wait_for_connection', 'tempfile'])

/** Files of the controller, whose names are looked for before the run. */
const LOCAL = new Set(['template.src'])

const takesText = (schema: ValueSchema): boolean => schema.type === 'string' && schema.enum === undefined

/** For every argument that takes a text, the module's first example with a hostile one there. The text is of no template: `!unsafe`. */
export const hostile = modules
  .filter(({ name, opaque }) => opaque !== true && !APART.has(name))
  .flatMap(({ name, args, examples }) => {
    const example = examples.find(({ needs }) => needs === undefined)
    if (example === undefined) return []
    const task = Object.values(parse(example.task) as Record<string, unknown>)[0]
    return hostileTasks({ name, args }, typeof task === 'object' && task !== null ? (task as JsonObject) : {})
  })

/** Tasks of a module, one for each argument that takes a text and each hostile text, with `own` for its other arguments. */
export function hostileTasks({ name, args }: Pick<Module, 'name' | 'args'>, own: JsonObject): readonly HostileTask[] {
  const texts = Object.keys(args.properties).filter(
    (argument) => takesText(args.properties[argument] ?? { type: 'any' }) && !LOCAL.has(`${name}.${argument}`),
  )
  const first = texts.find((argument) => checkArguments(args, { ...own, [argument]: LONG }).ok)
  return texts.flatMap((argument) =>
    // What is refused before any host is touched is right already.
    Object.entries(argument === first ? { ...TEXTS, 'a megabyte': LONG } : TEXTS)
      .filter(([, text]) => checkArguments(args, { ...own, [argument]: text }).ok)
      .map(([kind, text]) => {
        const value = new Scalar(text)
        value.tag = '!unsafe'
        value.type = 'QUOTE_DOUBLE'
        return { name: `${name}.${argument}: ${kind}`, [name]: { ...own, [argument]: value } }
      }),
  )
}
interface HostileTask {
  readonly name: string
  readonly [module: string]: unknown
}
