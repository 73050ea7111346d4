import { findUserFile } from '../controller.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Names the file whose tasks the walk is to run next for this host. */
export const includeTasks: Statement = async ({ args, lineage, context }) => {
  const { file } = args
  if (typeof file !== 'string') return ended('failed', 'include_tasks needs the name of a file')
  const found = await findUserFile(file, 'tasks', context.searchPath(lineage))
  return found === null
    ? ended('failed', `there is no ${file} beside this file or the playbook`)
    : ended('ok', null, { include: found })
}

/** Names the role that the walk is to run next for this host, by what the arguments came to. */
export const includeRole: Statement = ({ args }) =>
  Promise.resolve(
    typeof args['name'] === 'string' && args['name'] !== ''
      ? ended('ok', null, { include_args: args })
      : ended('failed', 'include_role needs the name of a role'),
  )

/** Acts on the run as it stands for this host. `flush_handlers` is done by the walk, for all hosts at once. */
export const meta: Statement = async ({ args, host, context }) => {
  switch (args['free_form']) {
    case 'end_host':
      host.standing = 'ended'
      break
    case 'end_play':
    case 'end_batch':
      context.end(args['free_form'])
      break
    case 'clear_facts':
      host.vars.clearFacts()
      break
    case 'clear_host_errors':
      context.reviveAll()
      break
    case 'reset_connection':
      await host.drop()
      host.forget()
      break
    case 'refresh_inventory':
      return { ...ended('ok', null), warnings: ['the inventory is read once, at the start of the run'] }
    default:
      break
  }
  return ended('ok', null)
}
