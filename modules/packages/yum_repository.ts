import { content } from '../facts/content.ts'
import { stat } from '../facts/stat.ts'
import { blocksOf, toBlocks, toLines } from '../lib/ini-lines.ts'
import { ensureIniSection, removeIniOption, removeIniSection, setIniOption } from '../lib/ini-text.ts'
import { ownershipOf } from '../lib/ownership-args.ts'
import { REPOSITORY_ARGS, REPOSITORY_OPTIONS } from '../lib/repository-args.ts'
import { bytesOf, latin1, observeText, planText, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse, type Infer, type Json, type JsonObject, type Plan } from '../module.ts'
import { becomes, type Step } from '../step.ts'

type Args = Infer<typeof REPOSITORY_ARGS>

export default defineModule({
  name: 'yum_repository',
  summary: 'Add, change and remove repositories of rpm packages.',
  description:
    'A repository is a section of a file below /etc/yum.repos.d. Its options are those that the task gives, and no others; comments and the other repositories of the file stay as they are. ' +
    'A file without a repository is removed.',
  args: REPOSITORY_ARGS,
  returns: { repo: 'The id of the repository.', state: 'Whether it is there now.' },
  examples: [
    {
      title: 'A repository',
      task: 'yum_repository:\n  name: tools\n  description: Our tools\n  baseurl: https://repo.example.org/el9\n  gpgkey: https://repo.example.org/KEY\n  gpgcheck: true\n  reposdir: /var/tmp/drover-repos',
    },
    {
      title: 'Gone',
      given:
        'yum_repository: { name: old, description: Old, baseurl: "file:///srv/old", reposdir: /var/tmp/drover-old-repos }',
      task: 'yum_repository: { name: old, state: absent, reposdir: /var/tmp/drover-old-repos }',
    },
  ],
  observe: (host, args): Promise<TextFile> =>
    observeText(host, `${args.reposdir.replace(/\/+$/, '')}/${args.file ?? args.name}.repo`),
  plan,
})

function plan(args: Args, state: TextFile): Plan {
  const result = { repo: args.name, state: args.state }
  const section = bytesOf(args.name)
  if (!/^[A-Za-z0-9_.:-]+$/.test(args.name))
    return refuse(`${JSON.stringify(args.name)} cannot be the id of a repository`, result)
  if (/[/\0]/.test(args.file ?? '')) return refuse(`${JSON.stringify(args.file)} cannot be the name of a file`, result)
  const before = latin1(state)
  if (args.state === 'absent') {
    const after = removeIniSection(before, section)
    if (state.file.before === null || after === before) return propose([], result)
    return sections(after).length === 0
      ? propose([removal(state)], result)
      : planText(state, { text: after, ownership: ownershipOf(args) }, result)
  }
  if (args.description === undefined)
    return refuse('a repository needs a description: it is what dnf shows of it', result)
  if (args.baseurl === undefined && args.mirrorlist === undefined && args.metalink === undefined)
    return refuse('a repository needs one of baseurl, mirrorlist and metalink', result)
  const secret = args.password !== undefined || args.proxy_password !== undefined
  return planText(state, { text: withRepository(before, section, args), ownership: ownershipOf(args), secret }, result)
}

/** The text with a section that has the task's options and no others. */
function withRepository(before: string, section: string, args: Args): string {
  const given: JsonObject = { name: args.description ?? '', ...optionsOf(args) }
  const there = blocksOf(toBlocks(toLines(before), ''), section)
    .flatMap(({ items }) => items.map(({ start }) => toLines(before)[start]?.text ?? ''))
    .map((line) => line.replace(/[=:].*$/s, '').trim())
  const style = { exclusive: true, noExtraSpaces: false }
  let text = ensureIniSection(before, section)
  for (const option of there.filter((name) => !(name in given))) text = removeIniOption(text, section, option)
  for (const [option, value] of Object.entries(given))
    text = setIniOption(text, { section, option, values: [bytesOf(optionText(option, value))] }, style)
  return text
}

const optionsOf = (args: Args): JsonObject => {
  const all: { readonly [name: string]: Json | undefined } = args
  return Object.fromEntries(
    Object.keys(REPOSITORY_OPTIONS).flatMap((name) => {
      const value = all[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** dnf.conf(5): a list of urls goes over several lines, one of packages over one. */
function optionText(option: string, value: Json): string {
  if (Array.isArray(value)) return value.join(option === 'baseurl' || option === 'gpgkey' ? '\n' : ' ')
  return typeof value === 'string' ? value : String(Number(value))
}

const sections = (text: string): readonly string[] => text.match(/^[ \t]*\[.*\]/gm) ?? []

const removal = ({ file }: TextFile): Step => ({
  change: {
    subject: file.path,
    verb: 'remove',
    text: { before: (file.before ?? Buffer.alloc(0)).toString(), after: null },
  },
  actions: [{ do: 'remove', path: file.path }],
  effects: [becomes(stat(file.path), null), becomes(content(file.path), null)],
})
