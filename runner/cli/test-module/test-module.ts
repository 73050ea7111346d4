import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import stringWidth from 'string-width'
import { modules as builtIn } from '../../../modules/index.ts'
import { ProblemsFound } from '../../language/source.ts'
import { clashes, loadModule } from '../user-modules/load.ts'
import { casesOf } from './cases.ts'
import { type Tried, tryCase } from './try-case.ts'

/** `drover test-module`: holds a module to its examples and cases, and prints how each went; gives the exit status. */
export async function testModule(file: string): Promise<number> {
  const path = resolve(file)
  if (!existsSync(path)) throw new ProblemsFound([{ message: `there is no file ${file}` }])
  const module = await loadModule(path)
  if ('problems' in module) throw new ProblemsFound(module.problems)
  const taken = clashes([{ module, file: path }])
  if (taken.length > 0) throw new ProblemsFound(taken)
  const cases = casesOf(module, path)
  if (cases.length === 0)
    throw new ProblemsFound([
      { message: `${file}: there is nothing to run`, hint: 'give the module an example, or write cases beside it' },
    ])
  const tried: Tried[] = []
  for (const each of cases) tried.push(await tryCase(each, module, [...builtIn, module]))
  process.stdout.write(table(tried))
  const failed = tried.filter(({ faults }) => faults.length > 0).length
  process.stdout.write(`\n${module.name}: ${count(tried.length)}, ${failed === 0 ? 'all well' : `${failed} failed`}\n`)
  return failed === 0 ? 0 : 1
}

const count = (cases: number): string => (cases === 1 ? '1 case' : `${cases} cases`)

/** One line a case, and below it what is wrong. */
function table(tried: readonly Tried[]): string {
  const head: Tried = { name: 'case', check: 'check', run: 'run', again: 'again', faults: [] }
  const width = Math.max(...[head, ...tried].map(({ name }) => stringWidth(name)))
  const line = ({ name, check, run, again }: Tried, mark: string): string =>
    `${mark}  ${name}${' '.repeat(width - stringWidth(name))}  ${check.padEnd(8)}  ${run.padEnd(8)}  ${again}`.trimEnd()
  const lines = tried.flatMap((each) => [
    line(each, each.faults.length === 0 ? 'ok  ' : 'FAIL'),
    ...each.faults.map((fault) => `        ${fault.replaceAll('\n', '\n        ')}`),
  ])
  return `${[line(head, '    '), ...lines].join('\n')}\n`
}
