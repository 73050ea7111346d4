import { expect } from 'vitest'
import { content } from '../../modules/facts/content.ts'
import { creator } from '../../modules/facts/creator.ts'
import { stat } from '../../modules/facts/stat.ts'
import { predictedStat, ROOT } from '../../modules/lib/ownership.ts'
import type { Module } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { FakeHost, proposalOf, type Known } from './fake-host.ts'

export const PATH = '/etc/text'

/** A host with one text file, or without it. */
export const textHost = (text: string | null, path = PATH, more: readonly Known[] = []): FakeHost =>
  new FakeHost([
    [creator(), ROOT],
    [stat('/etc'), predictedStat('directory', {})],
    ...(text === null
      ? []
      : ([
          [stat(path), predictedStat('file', {})],
          [content(path), Buffer.from(text)],
        ] as Known[])),
    ...more,
  ])

/** The file after a task; null where it plans nothing. Unless told otherwise, holds the task to the law that a second one plans nothing. */
export async function textAfter(
  module: Module,
  text: string | null,
  args: JsonObject,
  { twice = true }: { readonly twice?: boolean } = {},
): Promise<string | null> {
  const before = textHost(text)
  const plan = await proposalOf(module, { path: PATH, ...args }, before)
  if (twice) expect((await proposalOf(module, { path: PATH, ...args }, before.after(plan))).steps).toEqual([])
  const action = plan.steps.at(-1)?.actions[0]
  if (action?.do !== 'write') return null
  expect(action.path).toBe(PATH)
  return action.content.kind === 'bytes' ? action.content.bytes.toString() : null
}
