import { parse } from 'yaml'

/** A module on a host in a certain state. Each case has paths, names and packages of its own, so that many go into one play. */
export interface Case {
  /** The module, and the state that it finds. */
  readonly name: string
  /** A shell text that makes the state. */
  readonly given?: string
  /** The task, in YAML. */
  readonly task: string
  /** How the run ends; a second one is ok then, or fails in the same way. */
  readonly ends: 'changed' | 'ok' | 'failed'
}

/** Cases of one module: the state, how it ends, the module's arguments in YAML, and what makes the state. */
export const of = (
  module: string,
  ...rows: readonly (readonly [state: string, ends: Case['ends'], args: string, given?: string])[]
): readonly Case[] =>
  rows.map(([state, ends, args, given]) => ({
    name: `${module}: ${state}`,
    task: `${module}: ${args}`,
    ends,
    ...(given === undefined ? {} : { given }),
  }))

/** The task of a playbook that a case is. */
export const taskOf = ({ name, task }: Case): object => ({ name, ...(parse(task) as object) })
