import type { KnownModule } from '../../../runner/language/actions.ts'

const text = { type: 'string' } as const

/** A few modules to read playbooks with, small and fixed, so that expected texts do not change with the real ones. */
export const modules: readonly KnownModule[] = [
  {
    name: 'copy',
    args: {
      type: 'object',
      required: ['dest'],
      requiredOneOf: [['src', 'content']],
      mutuallyExclusive: [['src', 'content']],
      properties: {
        src: text,
        content: { type: 'any' },
        dest: { type: 'string', format: 'path', aliases: ['path'] },
        mode: { type: 'string', format: 'mode' },
        owner: text,
        backup: { type: 'boolean', default: false },
        remote_src: { type: 'boolean', default: false },
      },
    },
  },
  { name: 'fetch', args: { type: 'object', required: ['src', 'dest'], properties: { src: text, dest: text } } },
  {
    name: 'command',
    aliases: ['shell'],
    args: {
      type: 'object',
      freeForm: 'cmd',
      requiredOneOf: [['cmd', 'argv']],
      properties: {
        cmd: text,
        argv: { type: 'array', items: text },
        chdir: text,
        creates: { type: 'string', format: 'path' },
      },
    },
  },
  {
    name: 'yum',
    aliases: ['dnf'],
    args: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'array', items: text, aliases: ['pkg'] },
        state: { type: 'string', enum: ['present', 'absent', 'latest'], default: 'present' },
        lock_timeout: { type: 'integer', minimum: 0, default: 30 },
      },
    },
  },
  {
    name: 'fstab',
    aliases: ['mount'],
    args: {
      type: 'object',
      required: ['path', 'state'],
      requiredTogether: [['src', 'fstype']],
      properties: {
        path: { type: 'string', format: 'path' },
        src: text,
        fstype: text,
        state: { type: 'string', enum: ['mounted', 'absent'] },
        options: {
          type: 'array',
          items: { type: 'object', required: ['key'], properties: { key: text, value: text } },
        },
      },
    },
  },
  { name: 'template', args: { type: 'object', required: ['src', 'dest'], properties: { src: text, dest: text } } },
  { name: 'ping', args: { type: 'object', properties: {} } },
]
