import { hostPath } from '../lib/host-path.ts'
import { toBlocks, toLines } from '../lib/ini-lines.ts'
import { iniValues, setIniOption } from '../lib/ini-text.ts'
import { BACKUP, ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { editPipeline, filtersOf, withoutSection, type PipelineWish } from '../lib/paste-pipeline.ts'
import { readFile, replaceFile, type FileBefore } from '../lib/replace-file.ts'
import { defineModule, outputText, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'swift_pipeline',
  summary: 'Keep filters in their places in the pipeline of a proxy server’s configuration.',
  description:
    'For any file of paste.deploy: `proxy-server.conf` of Swift, `api-paste.ini` of others. The pipeline is an ordered list: filters are put beside a neighbour, the others stay as they are, ' +
    'also those that are there twice. Only the line of the pipeline is written. A pipeline with a filter that has no section is refused, since the service would not start.',
  args: {
    type: 'object',
    mutuallyExclusive: [
      ['pipeline', 'filter'],
      ['pipeline', 'before'],
      ['pipeline', 'after'],
    ],
    requiredOneOf: [['pipeline', 'filter']],
    properties: {
      path: {
        type: 'string',
        format: 'path',
        default: '/etc/swift/proxy-server.conf',
        aliases: ['dest'],
        description: 'The file.',
        since: '0.1.0',
      },
      section: {
        type: 'string',
        default: 'pipeline:main',
        description: 'The section of the pipeline.',
        since: '0.1.0',
      },
      pipeline: {
        type: 'array',
        items: { type: 'string' },
        description: 'The whole pipeline, with the application at its end.',
        since: '0.1.0',
      },
      filter: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['filters', 'name'],
        description: 'Filters that are to be in the pipeline, in this order, or not in it.',
        since: '0.1.0',
      },
      after: {
        type: 'string',
        description:
          'They come somewhere after this one; one that does not yet is put right behind it. Where it is there several times, behind the first.',
        since: '0.1.0',
      },
      before: {
        type: 'string',
        description:
          'They come somewhere before this one. Without `after`, one that does not yet is put right before it; where it is there several times, before the last. Before the application where both are unset.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the filters are in the pipeline.',
        since: '0.1.0',
      },
      backup: BACKUP,
      ...ownershipArgs,
    },
  },
  returns: {
    path: 'The file.',
    pipeline: 'The pipeline, as it is then.',
    backup_file: 'Where the old file was kept.',
  },
  examples: [
    {
      title: 'The S3 API in front of Swift',
      given:
        'copy:\n  dest: /var/tmp/drover-proxy-server.conf\n  force: false\n  content: "[pipeline:main]\\npipeline = cache authtoken keystoneauth proxy-server\\n[app:proxy-server]\\n' +
        '[filter:cache]\\n[filter:authtoken]\\n[filter:keystoneauth]\\n[filter:s3api]\\n[filter:s3token]\\n"',
      task: 'swift_pipeline:\n  path: /var/tmp/drover-proxy-server.conf\n  filter: [s3api, s3token]\n  after: authtoken\n  before: keystoneauth',
    },
    {
      title: 'Without rate limits',
      task: 'swift_pipeline: { filter: ratelimit, state: absent, backup: true }',
      needs: 'a proxy-server.conf',
    },
    {
      title: 'The whole pipeline',
      task: 'swift_pipeline:\n  pipeline: [catch_errors, healthcheck, cache, authtoken, keystoneauth, proxy-server]',
      needs: 'a proxy-server.conf',
    },
  ],
  async observe(host, args): Promise<FileBefore> {
    return readFile(host, await hostPath(host, args.path))
  },
  plan(args, { path, real, stat, link, before }) {
    const wish = wishOf(args)
    if (typeof wish === 'string') return refuse(wish, { path })
    if (before === null)
      return refuse(`${path} does not exist: a pipeline without its filters' sections is none`, { path })

    const text = before.toString('latin1')
    const values = iniValues(text, args.section, OPTION)
    const [value = null] = values
    if (values.length > 1)
      return refuse(`[${args.section}] of ${path} has ${values.length} pipelines: remove all but one`, { path })
    if (value === null && wish.kind !== 'whole')
      return refuse(`${path} has no pipeline in [${args.section}]: give the whole of it, as pipeline`, { path })

    const old = filtersOf(value ?? '')
    const pipeline = editPipeline(old, wish)
    if (typeof pipeline === 'string') return refuse(`${path}: ${pipeline}`, { path })
    const sections = toBlocks(toLines(text), OPTION).flatMap(({ name }) => (name === null ? [] : [name]))
    const lacking = [...new Set(withoutSection(pipeline, sections))]
    if (lacking.length > 0)
      return refuse(
        `${path} says nothing of ${lacking.join(', ')}, and the service would not start: a section such as ${sectionOf(lacking[0] ?? '', pipeline)} is missing`,
        { path },
      )
    const same = old.length === pipeline.length && old.every((filter, index) => filter === pipeline[index])
    const wanted = { section: args.section, option: OPTION, values: [pipeline.join(' ')] }
    const after = same ? text : setIniOption(text, wanted, { exclusive: true, noExtraSpaces: false })
    const step = replaceFile({
      path: real,
      via: path,
      link,
      stat,
      before,
      after: Buffer.from(after, 'latin1'),
      ownership: ownershipOf(args),
      backup: args.backup,
    })
    return propose(step === null ? [] : [step], { path, pipeline: [...pipeline] })
  },
  result(args, _state, [write]) {
    return args.backup && write !== undefined && write.stdout.length > 0
      ? { backup_file: outputText(write.stdout) }
      : {}
  },
})

const OPTION = 'pipeline'

const sectionOf = (name: string, pipeline: readonly string[]): string =>
  pipeline.at(-1) === name ? `[app:${name}]` : `[filter:${name}]`

/** What the arguments ask for; a string says what is wrong with them. */
function wishOf(args: {
  readonly pipeline?: readonly string[] | undefined
  readonly filter?: readonly string[] | undefined
  readonly after?: string | undefined
  readonly before?: string | undefined
  readonly state: 'present' | 'absent'
}): PipelineWish | string {
  const names = [...(args.pipeline ?? args.filter ?? [])]
  if (names.length === 0) return 'name at least one filter'
  const bad = names.find((name) => !/^[\x21-\x7e]+$/.test(name) || /^[#;[]/.test(name))
  if (bad !== undefined) return `this can be no filter's name: ${JSON.stringify(bad)}`
  const { after = null, before = null } = args
  if (args.pipeline !== undefined)
    return args.state === 'present' ? { kind: 'whole', filters: names } : 'say with filter what is to be absent'
  if (args.state === 'absent')
    return after === null && before === null
      ? { kind: 'absent', filters: names }
      : 'what is absent has no neighbours: leave before and after out'
  const own = names.find((name) => name === after || name === before)
  return own === undefined ? { kind: 'present', filters: names, after, before } : `${own} cannot be its own neighbour`
}
