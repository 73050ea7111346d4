import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { Module } from '../../../modules/module.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { nearest } from '../../../schema/nearest.ts'
import { validate } from '../../../schema/validate.ts'
import type { Problem } from '../../language/source.ts'
import { ProblemsFound } from '../../language/source.ts'
import { displayName } from '../../vars/vars-file.ts'

/** What a module is held to. */
export type Case = HostCase | PlanCase
/** A task on the host. */
export interface HostCase {
  readonly kind: 'host'
  readonly name: string
  readonly task: JsonObject
  /** Tasks that set the stage. */
  readonly given: readonly Json[]
  /** Undefined: anything but a failure, an example's. */
  readonly expect: 'changed' | 'ok' | 'failed' | undefined
  /** Part of what a failure says. */
  readonly message: string | undefined
  /** False where the task is only run in check mode, since it would change what is not of the test's making. */
  readonly perform: boolean
}
/** Arguments and a state, and what remains to be done; no host is asked. */
export interface PlanCase {
  readonly kind: 'plan'
  readonly name: string
  readonly args: JsonObject
  readonly state: Json
  /** One line a step: its verb and subject. */
  readonly plan: readonly string[] | undefined
  /** Part of why nothing may be done. */
  readonly refuses: string | undefined
}

/** The cases of a module: its examples, and those of the file beside it. Throws `ProblemsFound`. */
export function casesOf(module: Module, file: string): readonly Case[] {
  const examples = module.examples
    .filter(({ needs }) => needs === undefined)
    .map(({ title, task, given }): HostCase => ({
      kind: 'host',
      name: title,
      task: parsed(task, `the example "${title}"`) as JsonObject,
      given: given === undefined ? [] : (parsed(given, `the example "${title}"`) as readonly Json[]),
      expect: undefined,
      message: undefined,
      perform: /\bscratch\b/.test(task),
    }))
  return [...examples, ...casesBeside(file)]
}

/** `greeting.cases.yml` beside `greeting.mjs`. */
function casesBeside(file: string): readonly Case[] {
  const path = join(dirname(file), `${basename(file).replace(/\.m?[jt]s$/, '')}.cases.yml`)
  if (!existsSync(path)) return []
  const shown = displayName(path, process.cwd())
  const cases = parsed(readFileSync(path, 'utf8'), shown)
  if (!Array.isArray(cases)) throw new ProblemsFound([{ message: `${shown} must be a list of cases` }])
  const problems = (cases as readonly Json[]).flatMap((each, index) => problemsOf(each, `${shown}: case ${index + 1}`))
  if (problems.length > 0) throw new ProblemsFound(problems)
  return (cases as readonly Written[]).map(asCase)
}

interface Written {
  readonly name: string
  readonly task?: JsonObject
  readonly given?: readonly Json[]
  readonly expect?: 'changed' | 'ok' | 'failed'
  readonly message?: string
  readonly args?: JsonObject
  readonly state?: Json
  readonly plan?: readonly string[]
  readonly refuses?: string
}

function asCase({ name, task, given = [], expect, message, args = {}, state = null, plan, refuses }: Written): Case {
  return task === undefined
    ? { kind: 'plan', name, args, state, plan, refuses }
    : { kind: 'host', name, task, given, expect: expect ?? 'changed', message, perform: true }
}

const text = { type: 'string' }
const onHost = {
  name: text,
  task: { type: 'object' },
  given: { type: 'array', items: { type: 'object' } },
  expect: { enum: ['changed', 'ok', 'failed'] },
  message: text,
}
const onPaper = {
  name: text,
  args: { type: 'object' },
  state: {},
  plan: { type: 'array', items: text },
  refuses: text,
}
const object = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const hostCase = object(onHost, ['name', 'task'])
const planCase = object(onPaper, ['name', 'args', 'state'])

function problemsOf(written: Json, at: string): readonly Problem[] {
  const paper = typeof written === 'object' && written !== null && 'state' in written
  const faults = validate(paper ? planCase : hostCase, written).map(({ path, message, hint }) => {
    const name = path.join('.')
    const near = message === 'is unknown' ? nearest(name, Object.keys(paper ? onPaper : onHost)) : undefined
    const help = near === undefined ? hint : `did you mean "${near}"?`
    return { message: `${at}: ${name === '' ? 'it' : `"${name}"`} ${message}`, hint: help }
  })
  if (faults.length > 0 || !paper) return faults
  const { plan, refuses } = written as unknown as Written
  return (plan === undefined) === (refuses === undefined)
    ? [{ message: `${at}: it needs either "plan", a list of steps, or "refuses", a part of the message` }]
    : []
}

function parsed(yaml: string, of: string): Json {
  try {
    return parse(yaml) as Json
  } catch (error) {
    throw new ProblemsFound([{ message: `${of}: ${error instanceof Error ? error.message : String(error)}` }])
  }
}
