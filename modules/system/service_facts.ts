import { services } from '../facts/services.ts'
import { defineModule, propose } from '../module.ts'

export default defineModule({
  name: 'service_facts',
  summary: 'Read which services a host has, and what they do.',
  description:
    'Of systemd, OpenRC and SysV. Changes nothing. The facts are of this moment: a later task that starts a service does not change them.',
  args: { type: 'object', properties: {} },
  returns: {
    ansible_facts: '`services`: by its name, the `name`, `state`, `status` and `source` of each service.',
  },
  examples: [
    { title: 'All services', task: 'service_facts:' },
    { title: 'Under a name of their own too', task: 'service_facts:\nregister: found' },
  ],
  observe: (host) => host.get(services()),
  plan: (_, found) =>
    propose([], {
      ansible_facts: { services: Object.fromEntries(found.map((service) => [service.name, { ...service }])) },
    }),
})
