import { ensureBlock } from '../lib/block-edit.ts'
import { validateWords } from '../lib/file-target.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { PatternError } from '../lib/python-regex.ts'
import { backupOf, bytesOf, latin1, observeText, optionalBytes, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'blockinfile',
  summary: 'Keep a block of lines in a text file, between two marker lines.',
  description:
    'The markers find the block again: several blocks in one file need a `marker` each. An empty block is removed with its markers. All other lines stay as they are. A link is followed.',
  args: {
    type: 'object',
    required: ['path'],
    mutuallyExclusive: [['insertbefore', 'insertafter']],
    properties: {
      path: {
        type: 'string',
        format: 'path',
        aliases: ['dest', 'destfile', 'name'],
        description: 'The file.',
        since: '0.1.0',
      },
      block: {
        type: 'string',
        default: '',
        aliases: ['content'],
        description: 'The lines. Without them, the block is removed.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the block should be there.',
        since: '0.1.0',
      },
      marker: {
        type: 'string',
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        description: 'The line before and after the block; `{mark}` becomes `marker_begin` and `marker_end`.',
        since: '0.1.0',
      },
      marker_begin: {
        type: 'string',
        default: 'BEGIN',
        description: 'What `{mark}` becomes before the block.',
        since: '0.1.0',
      },
      marker_end: { type: 'string', default: 'END', description: 'What `{mark}` becomes after it.', since: '0.1.0' },
      insertafter: {
        type: 'string',
        description:
          'A Python regular expression: a new block goes after the last line that matches, else to the end. `EOF` is the end.',
        since: '0.1.0',
      },
      insertbefore: {
        type: 'string',
        description:
          'A Python regular expression: a new block goes before the last line that matches, else to the end. `BOF` is the beginning.',
        since: '0.1.0',
      },
      append_newline: {
        type: 'boolean',
        default: false,
        description: 'Adds an empty line after the block, unless one is there or the file ends.',
        since: '0.1.0',
      },
      prepend_newline: {
        type: 'boolean',
        default: false,
        description: 'Adds an empty line before the block, unless one is there or the file begins.',
        since: '0.1.0',
      },
      create: {
        type: 'boolean',
        default: false,
        description: 'Makes the file, and the directories above it, where they are missing.',
        since: '0.1.0',
      },
      backup: BACKUP,
      validate: VALIDATE,
      ...ownershipArgs,
    },
  },
  returns: { backup_file: 'Where the old file was kept.', msg: 'Block inserted or Block removed.' },
  examples: [
    {
      title: 'Hosts of a cluster',
      task: 'blockinfile:\n  path: /var/tmp/drover-block-hosts\n  create: true\n  mode: "0644"\n  marker: "# {mark} cluster"\n  block: |\n    10.0.32.11 db1\n    10.0.32.12 db2',
    },
    {
      title: 'Before a line, with empty lines around',
      given: 'copy: { dest: /var/tmp/drover-sshd, content: "Port 22\\nSubsystem sftp internal-sftp\\n", force: false }',
      task: 'blockinfile:\n  path: /var/tmp/drover-sshd\n  insertbefore: ^Subsystem\n  prepend_newline: true\n  append_newline: true\n  block: PermitRootLogin no',
    },
    {
      title: 'Removed',
      task: 'blockinfile: { path: /var/tmp/drover-block-hosts, marker: "# {mark} cluster", state: absent }',
    },
  ],
  observe: (host, args): Promise<TextFile> => observeText(host, args.path),
  plan(args, state) {
    const validate = validateWords(args.validate)
    if ('problem' in validate) return refuse(validate.problem)
    if (state.file.before === null && (args.state === 'absent' || args.block === '') && !args.create)
      return args.state === 'absent'
        ? propose([], { msg: `File ${args.path} not present` })
        : refuse(`Path ${args.path} does not exist !`, { rc: 257 })
    if (state.file.before === null && !args.create) return refuse(`Path ${args.path} does not exist !`, { rc: 257 })
    const marker = (mark: string) => bytesOf(args.marker.replaceAll('{mark}', () => mark).replace(/\n$/, ''))
    try {
      const { text, msg } = ensureBlock(latin1(state), {
        block: args.state === 'absent' ? '' : bytesOf(args.block),
        begin: marker(args.marker_begin),
        end: marker(args.marker_end),
        insertafter: optionalBytes(args.insertafter),
        insertbefore: optionalBytes(args.insertbefore),
        prependNewline: args.prepend_newline,
        appendNewline: args.append_newline,
      })
      const wish = { ownership: ownershipOf(args), backup: args.backup, validate: validate.words, text }
      return state.file.before === null && args.state === 'absent'
        ? propose([], { msg: '' })
        : planText(state, wish, { msg })
    } catch (error) {
      if (error instanceof PatternError) return refuse(error.message)
      throw error
    }
  },
  result(_, state, performed) {
    const kept = backupOf(state, performed)
    return kept === null ? {} : { backup_file: kept }
  },
})
