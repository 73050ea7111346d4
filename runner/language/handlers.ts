import { didYouMean } from '../../schema/nearest.ts'
import { place } from './node.ts'
import type { MapNode, YamlNode } from './node.ts'
import type { KeywordValues } from './keywords.ts'
import type { Surroundings, Notices } from './surroundings.ts'
import { hasTemplate, scalars } from './templates.ts'
import type { Reading } from './reading.ts'

/** Notes what a handler answers to. */
export function noteHandler(values: KeywordValues, { section, notices, roles }: Surroundings): void {
  if (section !== 'handlers') return
  const { name } = values.node.value
  const own = typeof name === 'string' ? name : ''
  const role = roles.at(-1)
  const qualified = own === '' || role === undefined ? [] : [`${role.name} : ${own}`]
  for (const each of [own, ...qualified, ...values.texts('listen', false)]) {
    if (hasTemplate(each)) notices.open = true
    else if (each !== '') notices.handlers.add(each)
  }
}

/** Notes what a task notifies. */
export function noteNotified(node: YamlNode | undefined, { notices }: Surroundings): void {
  if (node === undefined) return
  for (const scalar of scalars(node)) {
    if (typeof scalar.value === 'string' && !hasTemplate(scalar.value)) notices.notified.push(scalar)
  }
}

/** When a play was read: each notified handler must be there. */
export function checkNotified(play: MapNode, notices: Notices, reading: Reading): void {
  if (notices.open) return
  for (const node of notices.notified) {
    const name = String(node.value)
    if (notices.handlers.has(name)) continue
    const none = play.entries.some((entry) => entry.name === 'handlers') ? undefined : 'the play has no handlers'
    reading.add(
      `no handler is called "${name}" or listens to it`,
      place(node),
      didYouMean(name, notices.handlers) ?? none,
    )
  }
}
