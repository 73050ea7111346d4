import { isUtf8 } from 'node:buffer'
import { validateWords } from '../lib/file-target.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { PatternError } from '../lib/python-regex.ts'
import { replaceAll } from '../lib/replace-text.ts'
import { backupOf, bytesOf, latin1, observeText, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, refuse } from '../module.ts'

export default defineModule({
  name: 'replace',
  summary: 'Replace all that matches a regular expression in a text file.',
  description:
    'A Python regular expression over the whole file: `^` and `$` match at each line, `.` does not match a newline. See that what is put in does not match again, or the task changes the file each ' +
    'time. A link is followed.',
  args: {
    type: 'object',
    required: ['path', 'regexp'],
    properties: {
      path: {
        type: 'string',
        format: 'path',
        aliases: ['dest', 'destfile', 'name'],
        description: 'The file.',
        since: '0.1.0',
      },
      regexp: { type: 'string', description: 'A Python regular expression.', since: '0.1.0' },
      replace: {
        type: 'string',
        default: '',
        description: 'What comes in place of each match; `\\1` and `\\g<name>` stand for groups. By default nothing.',
        since: '0.1.0',
      },
      after: {
        type: 'string',
        description: 'A Python regular expression: only what comes after its match is looked at.',
        since: '0.1.0',
      },
      before: {
        type: 'string',
        description: 'A Python regular expression: only what comes before its match is looked at.',
        since: '0.1.0',
      },
      encoding: {
        type: 'string',
        enum: ['utf-8', 'utf8', 'UTF-8'],
        default: 'utf-8',
        description: "The file's encoding.",
        since: '0.1.0',
      },
      backup: BACKUP,
      validate: VALIDATE,
      ...ownershipArgs,
    },
  },
  returns: { backup_file: 'Where the old file was kept.', msg: 'How many replacements were made.', rc: 'Always 0.' },
  examples: [
    {
      title: 'Another mirror in all lines',
      given:
        'copy: { dest: /var/tmp/drover-sources, content: "deb http://old/debian a\\ndeb http://old/debian b\\n", force: false }',
      task: 'replace: { path: /var/tmp/drover-sources, regexp: "http://old/", replace: "http://new/" }',
    },
    {
      title: 'Comment out, within a part of the file',
      given:
        'copy: { dest: /var/tmp/drover-vhost, content: "<a>\\nlog on\\n</a>\\n<b>\\nlog on\\n</b>\\n", force: false }',
      task: "replace: { path: /var/tmp/drover-vhost, after: '<b>', before: '</b>', regexp: '^(log.*)$', replace: '# \\1' }",
    },
  ],
  observe: (host, args): Promise<TextFile> => observeText(host, args.path),
  plan(args, state) {
    const validate = validateWords(args.validate)
    if ('problem' in validate) return refuse(validate.problem)
    const before = state.file.before
    if (before === null) return refuse(`Path ${args.path} does not exist !`, { rc: 257 })
    const wish = { ownership: ownershipOf(args), backup: args.backup, validate: validate.words }
    try {
      // What is no UTF-8 is edited byte by byte.
      const bytes = !isUtf8(before)
      const made = replaceAll(bytes ? latin1(state) : before.toString(), { ...args, bytes })
      const result = { msg: made.msg, rc: 0 }
      return planText(state, { ...wish, text: bytes ? made.text : bytesOf(made.text) }, result)
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
