import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Position, Problem } from '../language/source.ts'
import type { Condition, Located } from '../language/tree.ts'
import { compileExpression, evaluateText, evaluateValue, truthy } from '../template/compile.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import { UnknownValue } from './signals.ts'

/** A keyword's or argument's value on one host, its templates evaluated. Throws `TemplateError` with the place in the playbook. */
export function evaluate(located: Located, scope: Scope): unknown {
  return placed(
    () => located.at(),
    () => evaluateValue(located.value, scope),
  )
}

/** A task's arguments on one host; those that came out as `omit` are left out, at any depth. Texts stay texts where `isText` says that they are meant. */
export function evaluateArgs(
  args: Located<JsonObject>,
  scope: Scope,
  omit: string,
  isText: (name: string) => boolean = () => false,
): JsonObject {
  const values: Record<string, Json> = {}
  for (const [name, value] of Object.entries(args.value)) {
    const evaluated = placed(
      () => args.at(name),
      () => (typeof value === 'string' && isText(name) ? evaluateText(value, scope) : evaluateValue(value, scope)),
    ) as Json
    if (evaluated !== omit) values[name] = withoutOmitted(evaluated, omit)
  }
  return values
}

function withoutOmitted(value: Json, omit: string): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== omit).map((item: Json) => withoutOmitted(item, omit))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, Json]) =>
      inner === omit ? [] : [[name, withoutOmitted(inner, omit)]],
    ),
  )
}

/** The first entry of a condition that does not hold, as it was written; undefined where all hold. Throws `TemplateError` with its place. */
export function firstFalse(condition: Condition, scope: Scope): string | undefined {
  const listed = Array.isArray(condition.value)
  const entries: readonly (string | boolean)[] = listed
    ? (condition.value as readonly (string | boolean)[])
    : [condition.value as string | boolean]
  const index = entries.findIndex(
    (entry, at) =>
      !placed(
        () => (listed ? condition.at(at) : condition.at()),
        () => isTrue(entry, scope),
      ),
  )
  return index < 0 ? undefined : String(entries[index])
}

/** Whether a condition holds; a list holds when all of it does. */
export function holds(condition: Condition, scope: Scope): boolean {
  return firstFalse(condition, scope) === undefined
}

function isTrue(entry: string | boolean, scope: Scope): boolean {
  return typeof entry === 'boolean' ? entry : truthy(compileExpression(entry).evaluate(scope))
}

function placed<T>(at: () => Position, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TemplateError) || error.at !== undefined) throw error
    throw new TemplateError(error.reason, error.message, {
      offset: error.offset,
      hint: error.hint,
      at: at(),
      cause: error,
    })
  }
}

/** A problem for people, in a line: what, and where in which file. */
export function describeProblem({
  message,
  hint,
  at,
}: Omit<Problem, 'at'> & { readonly at?: Position | undefined }): string {
  const place = at === undefined ? '' : ` (${at.source.name}:${at.line}:${at.column})`
  return `${message}${hint === undefined ? '' : `; ${hint}`}${place}`
}

/** An error of a template, the same way. */
export const describeTemplateError = ({ message, hint, at }: TemplateError): string =>
  describeProblem({ message, hint, at })

/** A name with its templates evaluated; as it was written where they cannot be. */
export function readable(written: string, scope: Scope): string {
  try {
    return String(evaluateText(written, scope))
  } catch (error) {
    if (error instanceof TemplateError || error instanceof UnknownValue) return written
    throw error
  }
}
