import { ensureLine, removeLines } from '../lib/line-edit.ts'
import { validateWords } from '../lib/file-target.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { PatternError } from '../lib/python-regex.ts'
import { backupOf, bytesOf, latin1, observeText, optionalBytes, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse } from '../module.ts'

const PATTERN = 'A Python regular expression; it is looked for in each line'

export default defineModule({
  name: 'lineinfile',
  summary: 'Keep one line in a text file.',
  description:
    'The last line that matches `regexp`, or that holds `search_string`, becomes `line`; where none does, and `line` is nowhere in the file, it is added. All other lines stay ' +
    'as they are, byte for byte. For several lines use `blockinfile`, for ini files `ini_set`. A link is followed.',
  args: {
    type: 'object',
    required: ['path'],
    mutuallyExclusive: [
      ['insertbefore', 'insertafter'],
      ['regexp', 'search_string'],
      ['backrefs', 'search_string'],
    ],
    properties: {
      path: {
        type: 'string',
        format: 'path',
        aliases: ['dest', 'destfile', 'name'],
        description: 'The file.',
        since: '0.1.0',
      },
      line: { type: 'string', aliases: ['value'], description: 'The line.', since: '0.1.0' },
      regexp: { type: 'string', aliases: ['regex'], description: `${PATTERN}.`, since: '0.1.0' },
      search_string: {
        type: 'string',
        description: 'A text that the line to replace or remove holds.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the line should be there. absent removes all lines that match.',
        since: '0.1.0',
      },
      backrefs: {
        type: 'boolean',
        default: false,
        description:
          'Lets `line` hold `\\1` and `\\g<name>` for groups of `regexp`. Where nothing matches, nothing is added.',
        since: '0.1.0',
      },
      insertafter: {
        type: 'string',
        description: `${PATTERN}: a new line goes after the last one that matches, else to the end. \`EOF\` is the end.`,
        since: '0.1.0',
      },
      insertbefore: {
        type: 'string',
        description: `${PATTERN}: a new line goes before the last one that matches, else to the end. \`BOF\` is the beginning.`,
        since: '0.1.0',
      },
      firstmatch: {
        type: 'boolean',
        default: false,
        description: 'Takes the first line that matches and not the last.',
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
  returns: {
    backup: 'Where the old file was kept; empty where it was not.',
    found: 'With `state: absent`: how many lines were removed.',
    msg: 'line added, line replaced, or how many were removed.',
  },
  examples: [
    {
      title: 'Set a variable of a shell file',
      given:
        'copy: { dest: /var/tmp/drover-default, content: "# defaults\\nNICE=5\\nLOG=no\\n", force: false, mode: "0644" }',
      task: "lineinfile: { path: /var/tmp/drover-default, regexp: '^NICE=', line: NICE=10 }",
    },
    {
      title: 'Add a line after another',
      task: "lineinfile: { path: /var/tmp/drover-hosts.allow, line: 'sshd: 10.0.0.0/8', insertafter: '^# local', create: true, mode: '0644' }",
    },
    {
      title: 'Keep part of the old line',
      given: 'copy: { dest: /var/tmp/drover-grub, content: "CMDLINE=\\"quiet\\"\\n", force: false }',
      task: `lineinfile:\n  path: /var/tmp/drover-grub\n  regexp: '^CMDLINE="(.*?)( audit=1)?"$'\n  line: 'CMDLINE="\\1 audit=1"'\n  backrefs: true`,
    },
    { title: 'Remove lines', task: "lineinfile: { path: /var/tmp/drover-default, regexp: '^LOG=', state: absent }" },
  ],
  observe: (host, args): Promise<TextFile> => observeText(host, args.path),
  plan(args, state) {
    const { file } = state
    const validate = validateWords(args.validate)
    if ('problem' in validate) return refuse(validate.problem)
    if (args.backrefs && args.regexp === undefined) return refuse('regexp is required with backrefs=true')
    if (args.line === undefined && args.state === 'present') return refuse('line is required with state=present')
    if (args.line === undefined && args.regexp === undefined && args.search_string === undefined)
      return refuse('one of line, search_string, or regexp is required with state=absent')
    if (file.before === null && args.state === 'absent') return propose([], { msg: 'file not present' })
    if (file.before === null && !args.create) return refuse(`Destination ${args.path} does not exist !`, { rc: 257 })
    const wish = { ownership: ownershipOf(args), backup: args.backup, validate: validate.words }
    const patterns = { regexp: optionalBytes(args.regexp), search: optionalBytes(args.search_string) }
    try {
      if (args.state === 'absent') {
        const { text, found } = removeLines(latin1(state), { ...patterns, line: optionalBytes(args.line) })
        return planText(
          state,
          { ...wish, text },
          { backup: '', found, msg: found === 0 ? '' : `${found} line(s) removed` },
        )
      }
      const { text, msg } = ensureLine(latin1(state), {
        ...patterns,
        line: bytesOf(args.line ?? ''),
        backrefs: args.backrefs,
        firstmatch: args.firstmatch,
        insertafter: optionalBytes(args.insertafter),
        insertbefore: optionalBytes(args.insertbefore),
      })
      return planText(state, { ...wish, text }, { backup: '', msg })
    } catch (error) {
      if (error instanceof PatternError) return refuse(error.message)
      throw error
    }
  },
  result: (_, state, performed) => ({ backup: backupOf(state, performed) ?? '' }),
})
