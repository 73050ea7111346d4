import { ProblemsFound } from '../language/source.ts'
import type { Play, Prompt } from '../language/tree.ts'
import { compileExpression } from '../template/compile.ts'
import { LayeredScope } from '../vars/scope.ts'
import { evaluate } from './evaluate.ts'
import type { Run } from './run.ts'

/**
 * What the user answers to a play's `vars_prompt`, by variable; those that the command line gives are not asked for. Throws
 * `ProblemsFound` where nobody can answer and there is no default.
 */
export async function answers(run: Run, { varsPrompt }: Play): Promise<ReadonlyMap<string, unknown>> {
  const given = new Map<string, unknown>()
  for (const prompt of varsPrompt) {
    if (run.options.extraVars.has(prompt.name)) continue
    given.set(prompt.name, hashed(prompt, await answer(run, prompt)))
  }
  return given
}

async function answer(run: Run, prompt: Prompt): Promise<unknown> {
  const { ask } = run.dependencies
  const otherwise = prompt.default === undefined ? undefined : evaluate(prompt.default, new LayeredScope([]))
  const shown =
    otherwise === undefined || prompt.private
      ? ''
      : ` [${typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise)}]`
  for (;;) {
    const text = await ask(`${prompt.prompt}${shown}`, prompt.private)
    if (text === undefined && otherwise === undefined)
      throw new ProblemsFound([
        {
          message: `"${prompt.name}" is to be asked for, and there is no terminal to ask on`,
          hint: `give it with -e ${prompt.name}=…`,
        },
      ])
    const value = text === undefined || text === '' ? (otherwise ?? '') : text
    if (prompt.private && typeof value === 'string') run.redactor.add(value)
    if (
      !prompt.confirm ||
      text === undefined ||
      text === '' ||
      (await ask(`${prompt.prompt} (again)`, prompt.private)) === text
    )
      return value
    run.warn('the two answers differ: asking again')
  }
}

/** The answer as a hash, where `encrypt` asks for one. */
function hashed({ encrypt, salt, saltSize }: Prompt, value: unknown): unknown {
  if (encrypt === undefined) return value
  const scope = new LayeredScope([
    {
      kind: 'values',
      level: 'running',
      variables: new Map<string, unknown>([
        ['value', value],
        ['scheme', encrypt.replace(/_crypt$/, '')],
        ['salt', salt],
        ['salt_size', saltSize],
      ]),
    },
  ])
  const options = `${salt === undefined ? '' : ', salt=salt'}${saltSize === undefined ? '' : ', salt_size=salt_size'}`
  return compileExpression(`value | password_hash(scheme${options})`).evaluate(scope)
}
