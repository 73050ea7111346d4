import { getent } from '../facts/getent.ts'
import { defineModule, propose, refuse, type Json } from '../module.ts'

export default defineModule({
  name: 'getent',
  summary: "Look entries up in a host's databases.",
  description:
    'Users, groups, hosts, services and the like, as getent(1) prints them: also those that come from a directory service. Changes nothing.',
  args: {
    type: 'object',
    required: ['database'],
    properties: {
      database: {
        type: 'string',
        description: 'The database: `passwd`, `group`, `hosts`, `services` and the like.',
        since: '0.1.0',
      },
      key: { type: 'string', default: '', description: 'The entry; by default all.', since: '0.1.0' },
      service: { type: 'string', description: 'Asks only this source, as nsswitch.conf(5) names it.', since: '0.1.0' },
      split: {
        type: 'string',
        description: 'What separates the fields. By default a colon where the database has one, else blanks.',
        since: '0.1.0',
      },
      fail_key: { type: 'boolean', default: true, description: 'Fails where the entry is not there.', since: '0.1.0' },
    },
  },
  returns: { ansible_facts: '`getent_DATABASE`: each entry’s other fields, by its first one.' },
  examples: [
    { title: 'One user', task: 'getent: { database: passwd, key: root }' },
    { title: 'All groups', task: 'getent: { database: group }' },
    { title: 'Perhaps', task: 'getent: { database: passwd, key: nobody-of-that-name, fail_key: false }' },
  ],
  observe: (host, { database, key, service }) => host.get(getent(database, key, service)),
  plan(args, { status, lines }) {
    const name = `getent_${args.database}`
    if (status === 1) return refuse('Missing arguments, or database unknown.')
    if (status === 2 && args.fail_key) return refuse('One or more supplied key could not be found in the database.')
    if (status === 2) return propose([], { ansible_facts: { [name]: { [args.key]: null } } })
    if (status === 3) return refuse('Enumeration not supported on this database.')
    if (status !== 0) return refuse(`getent failed with exit status ${status}`)
    const colon = ['passwd', 'shadow', 'group', 'gshadow'].includes(args.database)
    const found: Record<string, Json> = {}
    for (const line of lines) {
      const separator = args.split ?? (colon ? ':' : null)
      const [first = '', ...rest] = separator === null ? line.trim().split(/\s+/) : line.split(separator)
      const old = found[first]
      // Several lines of one name, as hosts have them, become a list of lists.
      found[first] =
        old === undefined
          ? rest
          : Array.isArray(old) && Array.isArray(old[0])
            ? [...(old as readonly Json[]), rest]
            : [old, rest]
    }
    return propose([], { ansible_facts: { [name]: found } })
  },
})
