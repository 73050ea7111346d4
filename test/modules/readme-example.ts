import { hostName } from '../../modules/facts/host-name.ts'
import { defineModule, propose } from '../../modules/module.ts'
import { becomes, run } from '../../modules/step.ts'

// What follows is in modules/README.md, word for word.
export default defineModule({
  name: 'hostname',
  summary: 'Set the name of a host.',
  args: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', description: 'The name.', since: '0.1.0' } },
  },
  examples: [{ title: 'A fixed name', task: 'hostname: { name: db1 }' }],
  async observe(host) {
    return { current: await host.get(hostName()) }
  },
  plan({ name }, { current }) {
    if (current === name) return propose([])
    const attributes = [{ name: 'hostname', before: current, after: name }]
    return propose([
      {
        change: { subject: 'hostname', verb: 'update', attributes },
        actions: [run('hostname', name)],
        effects: [becomes(hostName(), name)],
      },
    ])
  },
})
