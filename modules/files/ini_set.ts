import { creator, type Creator } from '../facts/creator.ts'
import { ensureIniSection, isIniSection, removeIniOption, removeIniSection, setIniOption } from '../lib/ini-text.ts'
import { hostPath } from '../lib/host-path.ts'
import { BACKUP, ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { makeDirectory, wayTo, type Way } from '../lib/parents.ts'
import { readFile, replaceFile, type FileBefore } from '../lib/replace-file.ts'
import { defineModule, outputText, propose, refuse, type Json } from '../module.ts'

interface State {
  readonly file: FileBefore
  readonly way: Way
  readonly creator: Creator
}

export default defineModule({
  name: 'ini_set',
  aliases: ['ini_file'],
  summary: 'Set or remove options of an ini file.',
  description:
    'Only the lines that must change are written: comments, order, spacing, line ends and everything else stay as they are, byte for byte. A new option comes after ' +
    'its commented-out default, else after the last option of its section. Values are literal. A line that is indented deeper than the option above it ' +
    'continues that option, as for Python and oslo.config. A link is followed.',
  args: {
    type: 'object',
    required: ['path'],
    mutuallyExclusive: [
      ['value', 'values', 'options'],
      ['option', 'options'],
    ],
    properties: {
      path: { type: 'string', format: 'path', aliases: ['dest'], description: 'The file.', since: '0.1.0' },
      section: {
        type: 'string',
        description: 'The section, without brackets; unset for options before the first one.',
        since: '0.1.0',
      },
      option: { type: 'string', description: 'The option; unset for the section as a whole.', since: '0.1.0' },
      value: { type: 'string', description: 'The value. Several lines become continuation lines.', since: '0.1.0' },
      values: {
        type: 'array',
        items: { type: 'string' },
        description: 'The values of an option with one line for each.',
        since: '0.1.0',
      },
      options: {
        type: 'object',
        additionalProperties: { type: 'any' },
        description: 'Several options of the section at once: each with its value, or a list for one line each.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it should be there.',
        since: '0.1.0',
      },
      exclusive: {
        type: 'boolean',
        default: true,
        description:
          'Lines of the option with other values go. With false, values are only added, or only those given are removed.',
        since: '0.1.0',
      },
      allow_no_value: {
        type: 'boolean',
        default: false,
        description: 'Lets an option be a name without a value.',
        since: '0.1.0',
      },
      no_extra_spaces: {
        type: 'boolean',
        default: false,
        description: 'Writes `key=value`. Otherwise a line keeps its spacing, and a new one is spaced as the file is.',
        since: '0.1.0',
      },
      create: {
        type: 'boolean',
        default: true,
        description: 'Makes the file, and the directories above it, where they are missing.',
        since: '0.1.0',
      },
      backup: BACKUP,
      ...ownershipArgs,
    },
  },
  returns: { path: 'The file.', backup_file: 'Where the old file was kept.' },
  examples: [
    {
      title: 'An option in its section',
      task: 'ini_set:\n  path: /var/tmp/drover-nova.conf\n  section: DEFAULT\n  option: transport_url\n  value: rabbit://openstack:secret@db1\n  mode: "0640"',
    },
    {
      title: 'Many options at once',
      task: 'ini_set:\n  path: /var/tmp/drover-glance.conf\n  section: keystone_authtoken\n  options:\n    auth_type: password\n    username: glance\n    memcached_servers: db1:11211,db2:11211',
    },
    {
      title: 'A multi-valued option',
      task: 'ini_set:\n  path: /var/tmp/drover-neutron.conf\n  section: service_providers\n  option: service_provider\n  values: [VPN:a:b, LB:c:d]',
    },
    {
      title: 'Remove an option',
      given: 'copy:\n  dest: /var/tmp/drover.ini\n  content: "[a]\\nx = 1\\ny = 2\\n"\n  force: false',
      task: 'ini_set: { path: /var/tmp/drover.ini, section: a, option: x, state: absent }',
    },
  ],
  async observe(host, args): Promise<State> {
    const path = await hostPath(host, args.path)
    const [file, who] = await Promise.all([readFile(host, path), host.get(creator())])
    return {
      file,
      creator: who,
      way: file.before === null ? await wayTo(host, file.real) : { missing: [], blocked: null },
    }
  },
  plan(args, { file, way, creator }) {
    const result = { path: file.path }
    const section = args.section === undefined ? null : bytes(args.section)
    if (section !== null && !isIniSection(section))
      return refuse(`this can be no name of a section: ${JSON.stringify(args.section)}`, result)
    const wanted = wantedOptions(args)
    if ('problem' in wanted) return refuse(wanted.problem, result)
    if (file.before === null && args.state === 'absent') return propose([], result)
    if (file.before === null && !args.create) return refuse(`${file.path} does not exist, and create is false`, result)
    if (way.blocked !== null) return refuse(`${file.path} cannot be made: ${way.blocked} is not a directory`, result)

    const style = { exclusive: args.exclusive, noExtraSpaces: args.no_extra_spaces }
    let text = (file.before ?? Buffer.alloc(0)).toString('latin1')
    for (const { option, values } of wanted.options) {
      if (args.state === 'present') text = setIniOption(text, { section, option, values: values ?? [] }, style)
      else text = removeIniOption(text, section, option, args.exclusive ? undefined : (values ?? undefined))
    }
    if (wanted.options.length === 0 && section !== null)
      text = args.state === 'present' ? ensureIniSection(text, section) : removeIniSection(text, section)

    const { stat, link, before } = file
    const step = replaceFile({
      path: file.real,
      via: file.path,
      link,
      stat,
      before,
      after: Buffer.from(text, 'latin1'),
      ownership: ownershipOf(args),
      creator,
      backup: args.backup,
    })
    return propose(
      step === null ? [] : [...way.missing.map((directory) => makeDirectory(directory, {}, creator)), step],
      result,
    )
  },
  result(args, { way }, performed) {
    const write = performed[way.missing.length]
    return args.backup && write !== undefined && write.stdout.length > 0
      ? { backup_file: outputText(write.stdout) }
      : {}
  },
})

interface Args {
  readonly section?: string | undefined
  readonly option?: string | undefined
  readonly value?: string | undefined
  readonly values?: readonly string[] | undefined
  readonly options?: { readonly [name: string]: Json } | undefined
  readonly state: 'present' | 'absent'
  readonly allow_no_value: boolean
}
interface Wanted {
  readonly option: string
  /** Null where none was given. */
  readonly values: readonly (string | null)[] | null
}

function wantedOptions(args: Args): { readonly options: readonly Wanted[] } | { readonly problem: string } {
  const given = args.values ?? (args.value === undefined ? null : [args.value])
  const named: readonly (readonly [string, readonly Json[] | null])[] =
    args.options === undefined
      ? args.option === undefined
        ? []
        : [[args.option, given]]
      : Object.entries(args.options).map(([option, value]) => [
          option,
          Array.isArray(value) ? (value as readonly Json[]) : value === null ? null : [value],
        ])
  if (named.length === 0 && given !== null) return { problem: 'value needs an option to give it to' }
  if (named.length === 0 && args.section === undefined)
    return { problem: 'one of section, option and options is needed' }
  const options: Wanted[] = []
  for (const [option, values] of named) {
    if (option.trim() === '' || /[\n\r\0]/.test(option) || /^\s*[#;]/.test(option))
      return { problem: `this cannot be an option's name: ${JSON.stringify(option)}` }
    if (values === null && args.state === 'present' && !args.allow_no_value)
      return { problem: `option ${option} has no value: give one, or say allow_no_value: true` }
    const texts = (values ?? []).map(valueText)
    const bad = texts.find((text) => text === null || /\0|\r(?!\n)|\n[ \t]*(?:[#;\n]|$)/.test(text))
    if (bad !== undefined)
      return {
        problem: `an ini file cannot hold this value of ${option}: ${bad === null ? 'it is neither text nor a list of texts' : 'a line of it is empty or looks like a comment'}`,
      }
    options.push({
      option: bytes(option.trim()),
      values: values === null ? (args.state === 'present' ? [null] : null) : texts.map((text) => bytes(text ?? '')),
    })
  }
  return { options }
}

/** A value as Ansible writes it: booleans as Python does. Quote them in the playbook to choose another case. */
function valueText(value: Json): string | null {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' ? value.replace(/\r?\n$/, '') : typeof value === 'number' ? String(value) : null
}

/** Text as the bytes of its UTF-8, read as Latin-1: as the whole file is while it is edited. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
