import type { Case } from './ansible-cases.ts'
import { asText, type Compared, filesOf, filled, hostsOf, sorted } from './compared.ts'
import { play } from './harness.ts'

/** What drover does with a case. */
export async function ours(each: Case, index: number): Promise<Compared> {
  const { tags = [], skip = [], forceHandlers = false } = each.options ?? {}
  const played = await play({
    playbook: filled(each.playbook, index),
    inventory: hostsOf(each, index),
    files: filesOf(each, index),
    options: { tags: { only: tags, skip }, forceHandlers },
  })
  const actions = new Map(
    played.events.filter((event) => event.event === 'task-started').map(({ task, action }) => [task, action]),
  )
  const action = ({ hosts }: (typeof played.tasks)[number]): string | undefined =>
    Object.values(hosts).map(({ task }) => actions.get(task))[0]
  const tasks = played.tasks
    .filter((task) => !['meta', undefined].includes(action(task)))
    .map((task) => ({
      name: task.name,
      hosts: sorted(
        Object.fromEntries(
          Object.entries(task.hosts)
            // Ansible tells of hosts that a role is included on only where they are passed over.
            .filter(([, { outcome }]) => !(action(task) === 'include_role' && outcome === 'ok'))
            // It does not say that it passes over who cannot be reached.
            .map(([host, { outcome, ignored }]) => [
              host,
              ignored && outcome !== 'unreachable' ? `${outcome}(ignored)` : outcome,
            ]),
        ),
      ),
      said: ['debug', 'assert'].includes(action(task) ?? '') ? sorted(said(task.hosts)) : {},
    }))
    .filter(({ hosts }) => Object.keys(hosts).length > 0)
  const recap = Object.fromEntries(
    Object.entries(played.recap).map(([host, { ok, changed, unreachable, failed, skipped, rescued, ignored }]) => [
      host,
      `ok=${ok} changed=${changed} unreachable=${unreachable} failed=${failed} skipped=${skipped} rescued=${rescued} ignored=${ignored}`,
    ]),
  )
  return { tasks, recap: sorted(recap) }
}

type Hosts = Awaited<ReturnType<typeof play>>['tasks'][number]['hosts']

/** What `debug` showed where it ran: of a loop, each item that was not skipped. */
function said(hosts: Hosts): Record<string, unknown> {
  const shown = Object.entries(hosts).flatMap(([host, { result }]) => {
    const results = Array.isArray(result?.['results'])
      ? (result['results'] as Record<string, unknown>[])
      : [result ?? {}]
    const texts = results
      .filter((one) => one['skipped'] !== true && one['failed'] !== true)
      .map(message)
      .map(asText)
    return texts.length === 0 ? [] : [[host, texts] as const]
  })
  return Object.fromEntries(shown)
}

function message(result: Record<string, unknown>): unknown {
  if ('msg' in result) return result['msg']
  const { changed: _changed, failed: _failed, ...shown } = result
  return shown
}
