import type { Statement } from './statement.ts'

const addHost: Statement = {
  name: 'add_host',
  summary: 'Add a host to the inventory of this run, for later plays.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        aliases: ['hostname', 'host'],
        description: 'Its name; host:port gives the port as well.',
      },
      groups: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['group', 'groupname'],
        default: [],
        description: 'The groups to put it in, made where they do not exist.',
      },
    },
    additionalProperties: true,
  },
}

const groupBy: Statement = {
  name: 'group_by',
  summary: 'Put hosts into groups by what is known of them, for later plays.',
  args: {
    type: 'object',
    required: ['key'],
    properties: {
      key: { type: 'string', description: 'The name of the group, as a rule a template.' },
      parents: {
        type: 'array',
        items: { type: 'string' },
        default: ['all'],
        description: 'Groups that the group is a child of.',
      },
    },
  },
}

/** Statements that change the inventory of the run. */
export const inventoryStatements: readonly Statement[] = [addHost, groupBy]
