import type { JsonSchema } from './json-schema.ts'

const group: JsonSchema = { $ref: '#/definitions/group' }

/** The JSON Schema of a YAML inventory: groups, with hosts, variables and children. */
export const inventorySchema: JsonSchema = {
  type: 'object',
  additionalProperties: group,
  definitions: {
    group: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        hosts: {
          description: 'The hosts of the group, each with its variables. Ranges are expanded: web[01:20].',
          type: ['object', 'null', 'string'],
          additionalProperties: { $ref: '#/definitions/host' },
        },
        vars: { description: 'Variables of all hosts of the group.', type: ['object', 'null'] },
        children: {
          description: 'Groups whose hosts belong to this group as well.',
          type: ['object', 'null'],
          additionalProperties: group,
        },
      },
    },
    host: {
      description: 'Variables of one host.',
      type: ['object', 'null'],
      properties: {
        ansible_host: { description: 'The name or address to connect to.', type: 'string' },
        ansible_port: { description: 'The port to connect to.', type: ['integer', 'string'] },
        ansible_user: { description: 'The user to log in as.', type: 'string' },
        ansible_password: { description: 'The password to log in with.', type: 'string' },
        ansible_ssh_private_key_file: { description: 'The key to log in with.', type: 'string' },
        ansible_connection: { description: 'How to reach the host: ssh or local.', type: 'string' },
        ansible_become: { description: 'Acts as another user.', type: ['boolean', 'string'] },
        ansible_become_user: { description: 'The user to act as.', type: 'string' },
        ansible_become_password: { description: 'The password for becoming that user.', type: 'string' },
      },
    },
  },
}
