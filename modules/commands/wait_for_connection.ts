import { defineModule, propose } from '../module.ts'

const seconds = (description: string, otherwise: number) =>
  ({ type: 'integer', minimum: 0, default: otherwise, description, since: '0.1.0' }) as const

export default defineModule({
  name: 'wait_for_connection',
  summary: 'Wait until a host can be reached.',
  description:
    'Over a new connection, as the user that the task says. A play that waits so for hosts that are yet to come has `gather_facts: false`. It changes nothing; in check mode it does not wait.',
  args: {
    type: 'object',
    properties: {
      timeout: seconds('Seconds to try at most.', 600),
      delay: seconds('Seconds before the first try.', 0),
      sleep: seconds('Seconds between two tries.', 1),
      connect_timeout: seconds('Seconds for each.', 5),
    },
  },
  returns: { elapsed: 'Seconds waited.' },
  examples: [
    { title: 'A host that boots', task: 'wait_for_connection: { timeout: 300 }' },
    { title: 'With a pause first', task: 'wait_for_connection: { delay: 1, sleep: 2 }' },
  ],
  observe: () => Promise.resolve(null),
  plan: (args) =>
    propose(
      [
        {
          change: { subject: 'wait for a connection', verb: 'run' },
          actions: [],
          effects: [],
          reach: {
            title: 'wait for a connection',
            delay: args.delay,
            timeout: args.timeout,
            sleep: args.sleep,
            connectTimeout: args.connect_timeout || 5,
          },
        },
      ],
      { changed: false, elapsed: 0 },
    ),
  result: (_, __, [waited]) =>
    waited === undefined ? {} : { elapsed: Math.round((waited.end - waited.start) / 1000) },
})
