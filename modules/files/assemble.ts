import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { content } from '../facts/content.ts'
import { stat } from '../facts/stat.ts'
import { treeOf, statResult } from '../lib/file-effects.ts'
import { validateWords } from '../lib/file-target.ts'
import { hostPath } from '../lib/host-path.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { predictedStat, withOwnership } from '../lib/ownership.ts'
import { PatternError, pythonRegex, searchIn } from '../lib/python-regex.ts'
import { backupOf, observeText, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, refuse, type Controller, type HostState } from '../module.ts'

interface Fragment {
  readonly name: string
  readonly bytes: Buffer
}
interface State {
  readonly text: TextFile | null
  readonly fragments: readonly Fragment[] | { readonly problem: string }
}

export default defineModule({
  name: 'assemble',
  summary: 'Make a file of the fragments in a directory.',
  description:
    'The files of the directory, in the order of their names, one after the other. Its subdirectories are left out.',
  args: {
    type: 'object',
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', format: 'path', description: 'The directory of fragments.', since: '0.1.0' },
      dest: { type: 'string', format: 'path', description: 'The file to make.', since: '0.1.0' },
      remote_src: {
        type: 'boolean',
        default: true,
        description:
          'The directory is on the host; with false, on the controller, looked up in `files/` beside the playbook or role.',
        since: '0.1.0',
      },
      regexp: {
        type: 'string',
        description: 'A Python regular expression: only files in whose name it is found are taken.',
        since: '0.1.0',
      },
      delimiter: {
        type: 'string',
        description: 'What goes between two fragments, on lines of its own.',
        since: '0.1.0',
      },
      ignore_hidden: {
        type: 'boolean',
        default: false,
        description: 'Leaves out files whose name starts with a dot.',
        since: '0.1.0',
      },
      decrypt: { type: 'boolean', default: true, description: "For Ansible's sake: accepted.", since: '0.1.0' },
      backup: BACKUP,
      validate: VALIDATE,
      ...ownershipArgs,
    },
  },
  returns: {
    dest: 'The file.',
    src: 'The directory.',
    checksum: "The file's SHA-1.",
    backup_file: 'Where the old file was kept.',
    state: 'file.',
    mode: "The file's mode.",
    owner: "The file's owner.",
    group: "The file's group.",
    size: "The file's size in bytes.",
  },
  examples: [
    {
      title: 'From fragments on the host',
      given:
        '- file: { path: /var/tmp/drover-parts, state: directory }\n- copy: { dest: /var/tmp/drover-parts/10-first, content: "a\\n" }\n- copy: { dest: /var/tmp/drover-parts/20-second, content: "b\\n" }',
      task: 'assemble: { src: /var/tmp/drover-parts, dest: /var/tmp/drover-whole, mode: "0644" }',
    },
    {
      title: 'Some of them, with a line between',
      given:
        '- file: { path: /var/tmp/drover-parts, state: directory }\n- copy: { dest: /var/tmp/drover-parts/10-first, content: "a\\n" }',
      task: "assemble:\n  src: /var/tmp/drover-parts\n  dest: /var/tmp/drover-some\n  regexp: '^[0-9]+-'\n  delimiter: '# ----'\n  ignore_hidden: true",
    },
  ],
  async observe(host, args, controller): Promise<State> {
    try {
      const wanted = args.regexp === undefined ? null : pythonRegex(args.regexp)
      const takes = (name: string): boolean =>
        !name.includes('/') &&
        !(args.ignore_hidden && name.startsWith('.')) &&
        (wanted === null || searchIn(wanted, name) !== null)
      const [text, fragments] = await Promise.all([
        observeText(host, args.dest),
        args.remote_src
          ? hostFragments(host, await hostPath(host, args.src), takes)
          : ownFragments(controller, args.src, takes),
      ])
      return { text, fragments }
    } catch (error) {
      if (error instanceof PatternError) return { text: null, fragments: { problem: error.message } }
      throw error
    }
  },
  plan(args, { text, fragments }) {
    const validate = validateWords(args.validate)
    const result = { dest: args.dest, src: args.src }
    if ('problem' in validate) return refuse(validate.problem, result)
    if ('problem' in fragments) return refuse(fragments.problem, result)
    if (text === null) return refuse(`${args.dest} was not read`, result)
    if (text.way.missing.length > 0)
      return refuse(`Destination directory ${posix.dirname(args.dest)} does not exist`, result)
    const whole = join(fragments, args.delimiter)
    const ownership = ownershipOf(args)
    const { stat: old } = text.file
    const now =
      old === null ? predictedStat('file', ownership, text.creator) : withOwnership(old, ownership, text.creator.umask)
    return planText(
      text,
      { text: whole.toString('latin1'), ownership, backup: args.backup, validate: validate.words },
      {
        ...result,
        checksum: createHash('sha1').update(whole).digest('hex'),
        ...statResult({ ...now, size: whole.length }),
        msg: 'OK',
      },
    )
  },
  result(_, { text }, performed) {
    const kept = text === null ? null : backupOf(text, performed)
    return kept === null ? {} : { backup_file: kept }
  },
})

async function hostFragments(
  host: HostState,
  src: string,
  takes: (name: string) => boolean,
): Promise<State['fragments']> {
  const path = src.replace(/(?<=.)\/+$/, '')
  const at = await host.get(stat(path))
  const real = at?.type === 'link' ? at.resolved : path
  const directory = at?.type === 'link' && typeof real === 'string' ? await host.get(stat(real)) : at
  if (directory === null || typeof real !== 'string') return { problem: `Source (${src}) does not exist` }
  if (directory.type !== 'directory') return { problem: `Source (${src}) is not a directory` }
  const names = (await treeOf(host, real, directory))
    .filter((entry) => entry.stat.type === 'file' || entry.stat.type === 'link')
    .map((entry) => entry.path.slice(real.length + 1))
    .filter(takes)
  return Promise.all(
    names
      .toSorted()
      .map(async (name) => ({ name, bytes: (await host.get(content(`${real}/${name}`))) ?? Buffer.alloc(0) })),
  )
}

async function ownFragments(
  controller: Controller,
  src: string,
  takes: (name: string) => boolean,
): Promise<State['fragments']> {
  const found = await controller.file(src)
  if (found?.kind !== 'directory') return { problem: `Could not find the directory '${src}' on the controller` }
  const names = found.entries.filter(({ kind }) => kind === 'file').map(({ name }) => name)
  const files = await Promise.all(
    names
      .filter(takes)
      .toSorted()
      .map(async (name) => ({ name, file: await controller.file(`${found.path}/${name}`) })),
  )
  return Promise.all(
    files.map(async ({ name, file }) => ({ name, bytes: file?.kind === 'file' ? await file.read() : Buffer.alloc(0) })),
  )
}

const NEWLINE = Buffer.from('\n')
const endsLine = (bytes: Buffer): boolean => bytes.length === 0 || bytes.at(-1) === 10

/** Fragments one after the other. With a delimiter, each fragment but the last is ended by a newline first. */
function join(fragments: readonly Fragment[], delimiter: string | undefined): Buffer {
  const between =
    delimiter === undefined ? null : Buffer.from(delimiter.replaceAll('\\n', '\n').replaceAll('\\t', '\t'))
  return Buffer.concat(
    fragments.flatMap(({ bytes }, index) => {
      if (index === fragments.length - 1) return [bytes]
      const ended = endsLine(bytes) ? [bytes] : [bytes, NEWLINE]
      if (between === null) return ended
      return [...ended, between, ...(endsLine(between) ? [] : [NEWLINE])]
    }),
  )
}
