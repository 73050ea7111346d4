import { commandLine } from '../../modules/lib/quote.ts'
import type { Action, ActionResult } from '../../modules/step.ts'
import type { Failure } from './host.ts'

/** How an action that failed came to its end. */
export type Cut = Failure['reason']

/** What an action does, in a few words: `write /etc/my.cnf`, `mkfs.ext4 -q /dev/vdb5`. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'write':
      return `write ${action.path}`
    case 'attributes':
      return `set mode and owner of ${action.path}`
    case 'directory':
      return `make the directory ${action.path}`
    case 'link':
      return `link ${action.path} to ${action.target}`
    case 'remove':
      return `remove ${action.path}`
    case 'run':
      return `run ${shorten(commandLine(action.argv))}`
    case 'fetch':
      return `fetch ${action.path}`
    case 'sh':
    case 'await':
    case 'request':
      return action.title
  }
}

/** A failed action, for people: what it was, how it ended, and the last lines that it printed. */
export function describeFailure(action: Action, result: ActionResult, reason: Cut): string {
  const said = lastLines(result.stderr) || lastLines(result.stdout)
  // Whoever judged the answer has said what was not done.
  if (action.do === 'request') return said
  return `cannot ${describeAction(action)}: ${ended(reason, result.status)}${said === '' ? '' : `: ${said}`}`
}

function ended(reason: Cut, status: number): string {
  switch (reason) {
    case 'status':
      return status > 128 && status < 192 ? `ended by signal ${status - 128}` : `exit status ${status}`
    case 'timed-out':
      return 'it took longer than allowed and was ended'
    case 'interrupted':
      return 'it was interrupted'
    case 'overflowed':
      return 'it printed more than can be kept and was ended'
    case 'unconfirmed':
      return 'it was not confirmed over a new connection'
  }
}

function lastLines(output: Buffer): string {
  return output.subarray(-4096).toString('utf8').trim().split('\n').slice(-20).join('\n')
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
