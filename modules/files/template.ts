import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { nothingBrought } from '../facts/brought.ts'
import { creator, type Creator } from '../facts/creator.ts'
import { statResult } from '../lib/file-effects.ts'
import { bytesSource, destination, observeTargets, planTarget, validateWords, type Target } from '../lib/file-target.ts'
import { hostPath } from '../lib/host-path.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { predictedStat, withOwnership } from '../lib/ownership.ts'
import { makeDirectory, wayTo, type Way } from '../lib/parents.ts'
import { defineModule, outputText, propose, refuse, type RenderOptions } from '../module.ts'

interface State {
  readonly target: Target
  readonly creator: Creator
  readonly way: Way
  readonly makesWay: boolean
  readonly sha1: string
}

const NEWLINES: { readonly [written: string]: RenderOptions['newlineSequence'] } = {
  '\n': '\n',
  '\r': '\r',
  '\r\n': '\r\n',
  '\\n': '\n',
  '\\r': '\r',
  '\\r\\n': '\r\n',
}

export default defineModule({
  name: 'template',
  summary: 'Render a template to a file on a host.',
  description:
    "A Jinja2 template of the controller, with the task's variables. The file is replaced whole or not at all, and only if it differs.",
  args: {
    type: 'object',
    required: ['src', 'dest'],
    properties: {
      src: {
        type: 'string',
        format: 'path',
        description: 'The template: absolute, or looked up in `templates/` beside the playbook or role.',
        since: '0.1.0',
      },
      dest: {
        type: 'string',
        format: 'path',
        description: 'The file; or a directory that is there or whose name ends in `/`.',
        since: '0.1.0',
      },
      newline_sequence: {
        type: 'string',
        enum: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
        default: '\n',
        description: 'What ends a line in the file.',
        since: '0.1.0',
      },
      trim_blocks: {
        type: 'boolean',
        default: true,
        description: 'Takes away the newline after a block.',
        since: '0.1.0',
      },
      lstrip_blocks: {
        type: 'boolean',
        default: false,
        description: 'Takes away the blanks before a block that starts a line.',
        since: '0.1.0',
      },
      force: {
        type: 'boolean',
        default: true,
        description: 'With false, a file that is there is left as it is.',
        since: '0.1.0',
      },
      follow: {
        type: 'boolean',
        default: false,
        description: 'Writes to what a link at `dest` leads to; with false, a file takes the place of the link.',
        since: '0.1.0',
      },
      backup: BACKUP,
      validate: VALIDATE,
      ...ownershipArgs,
      mode: {
        ...ownershipArgs.mode,
        description: `${ownershipArgs.mode.description} \`preserve\` takes the template's.`,
      },
    },
  },
  returns: {
    dest: 'The file.',
    src: 'The template.',
    checksum: "The file's SHA-1.",
    state: 'file.',
    mode: "The file's mode.",
    owner: "The file's owner.",
    group: "The file's group.",
    uid: "The owner's number.",
    gid: "The group's number.",
    size: "A file's size in bytes.",
    backup_file: 'Where the old file was kept.',
  },
  examples: [
    { title: 'A file of its own', task: 'template: { src: motd.j2, dest: /var/tmp/drover-motd, mode: "0644" }' },
    {
      title: 'Checked before it counts',
      task: 'template: { src: motd.j2, dest: /var/tmp/drover-motd-checked, validate: "grep -c . %s", backup: true }',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const options: RenderOptions = {
      trimBlocks: args.trim_blocks,
      lstripBlocks: args.lstrip_blocks,
      newlineSequence: NEWLINES[args.newline_sequence] ?? '\n',
    }
    const dest = await hostPath(host, args.dest)
    const [text, by, { path }] = await Promise.all([
      controller.render(args.src, options),
      host.get(creator()),
      destination(host, dest, posix.basename(args.src)),
      // Asked for ahead, so that one batch answers also where nothing is there yet.
      Promise.allSettled([wayTo(host, dest)]),
    ])
    const bytes = Buffer.from(text)
    const file = args.mode === 'preserve' ? await controller.file(args.src) : null
    const source = { ...bytesSource(bytes), ...(file === null ? {} : { mode: file.mode }) }
    const [target] = await observeTargets(host, [{ path, source }], args.follow)
    if (target === undefined) throw new Error('one path gives one target')
    const makesWay = dest.endsWith('/')
    const way = target.stat === null ? await wayTo(host, target.real) : { missing: [], blocked: null }
    if (way.missing.length > 0 && !makesWay) await host.get(nothingBrought())
    return {
      target,
      creator: by,
      way,
      makesWay,
      sha1: createHash('sha1').update(bytes).digest('hex'),
    }
  },
  plan(args, { target, creator, way, makesWay, sha1 }) {
    const result = { dest: target.path, src: args.src }
    const validate = validateWords(args.validate)
    if ('problem' in validate) return refuse(validate.problem, result)
    if (way.blocked !== null) return refuse(`${target.path} cannot be made: ${way.blocked} is not a directory`, result)
    if (way.missing.length > 0 && !makesWay)
      return refuse(`Destination directory ${posix.dirname(target.real)} does not exist`, result)
    const ownership = ownershipOf(args)
    const step = planTarget(target, {
      ownership,
      creator,
      force: args.force,
      backup: args.backup,
      validate: validate.words,
    })
    if (step !== null && 'problem' in step) return refuse(step.problem, result)
    const wanted = ownership.mode === 'preserve' ? ownershipOf({ ...ownership, mode: target.source.mode }) : ownership
    const made =
      target.stat === null ? predictedStat('file', wanted, creator) : withOwnership(target.stat, wanted, creator.umask)
    const steps = step === null ? [] : [...way.missing.map((path) => makeDirectory(path, {}, creator)), step]
    return propose(steps, { ...result, checksum: sha1, ...statResult({ ...made, size: target.source.size }) })
  },
  result(args, _state, performed) {
    const write = performed.at(-1)
    return args.backup && write !== undefined && write.stdout.length > 0
      ? { backup_file: outputText(write.stdout) }
      : {}
  },
})
