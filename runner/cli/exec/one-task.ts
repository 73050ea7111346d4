import { resolve } from 'node:path'
import { isMap, parseDocument, stringify } from 'yaml'
import type { Json, JsonObject } from '../../../schema/infer.ts'

/** What stands for the file in messages. */
const shownAs = 'the command line'

/** A playbook with a single task that is in no file: the path that stands for it, and its text, which is read and checked as any other. */
export interface OneTask {
  readonly path: string
  readonly texts: ReadonlyMap<string, string>
}

/** The playbook with one play on the hosts of a pattern and that one task. `directory` is where it looks for files. */
export function oneTask(hosts: string, task: JsonObject, directory: string): OneTask {
  const path = resolve(directory, shownAs)
  // A selection of tags that the settings make is meant for playbooks.
  const play = { hosts, gather_facts: false, tasks: [{ ...task, tags: ['always'] }] }
  return { path, texts: new Map([[path, stringify([play], { lineWidth: 0 })]]) }
}

/** Arguments as the command line gives them: a mapping in JSON, else `k=v` and a free form, which the language itself reads. */
export function argumentsOf(text: string): Json {
  if (!text.trimStart().startsWith('{')) return text === '' ? null : text
  const document = parseDocument(text)
  // `{{ name }} …` is the text of a command.
  if (document.errors.length > 0 || !isMap(document.contents) || text.trimStart().startsWith('{{')) return text
  return document.toJS() as JsonObject
}
