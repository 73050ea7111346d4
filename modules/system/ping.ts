import { alive } from '../facts/alive.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'ping',
  summary: 'Ask a host for an answer.',
  description: 'Connects, becomes whom the task says, and runs a shell. It is no ICMP echo.',
  args: {
    type: 'object',
    properties: {
      data: { type: 'string', default: 'pong', description: 'What to return. `crash` fails.', since: '0.1.0' },
    },
  },
  returns: { ping: 'What `data` says.' },
  examples: [
    { title: 'Is it there?', task: 'ping:' },
    { title: 'With an answer of its own', task: 'ping: { data: here }' },
  ],
  observe: (host) => host.get(alive()),
  plan: ({ data }) => (data === 'crash' ? refuse('boom') : propose([], { ping: data })),
})
