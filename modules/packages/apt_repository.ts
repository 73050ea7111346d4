import { aptSourceFiles, SOURCES_DIRECTORY } from '../facts/apt-source-files.ts'
import { content } from '../facts/content.ts'
import { aptCache } from '../facts/deb.ts'
import { stat } from '../facts/stat.ts'
import {
  addSource,
  correctSource,
  hasSource,
  isMeantBy,
  isOfPpa,
  parsePpa,
  parseSource,
  removeSources,
  sourceFileName,
  sourcesIn,
  type Source,
} from '../lib/apt-sources.ts'
import { bytesOf, latin1, observeText, textSteps, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse, type HostState, type Infer, type JsonObject, type Plan } from '../module.ts'
import { becomes, stale, type Effect, type Step } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['repo'],
  properties: {
    repo: {
      type: 'string',
      description: 'The source as a line of sources.list(5): `deb [signed-by=KEY] URL SUITE COMPONENT…`.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it should be there.',
      since: '0.1.0',
    },
    filename: {
      type: 'string',
      description: `The file in ${SOURCES_DIRECTORY} for a new source, with or without \`.list\`. By default it is named after the url.`,
      since: '0.1.0',
    },
    mode: {
      type: 'string',
      format: 'mode',
      description: 'The mode of the file; of a new one 0644 by default.',
      since: '0.1.0',
    },
    update_cache: {
      type: 'boolean',
      default: true,
      aliases: ['update-cache'],
      description:
        'Fetches the lists of packages after a change. Where that fails, a source that was added is taken back.',
      since: '0.1.0',
    },
    update_cache_retries: {
      type: 'integer',
      minimum: 0,
      default: 5,
      description: 'How often to try again.',
      since: '0.1.0',
    },
    update_cache_retry_max_delay: {
      type: 'integer',
      minimum: 0,
      default: 12,
      description: 'The most seconds between two tries: they double from one on.',
      since: '0.1.0',
    },
    codename: {
      type: 'string',
      description: 'The suite of a personal archive (`ppa:`) that is meant; by default any.',
      since: '0.1.0',
    },
    validate_certs: { type: 'boolean', default: true, description: "For Ansible's sake.", since: '0.1.0' },
    install_python_apt: { type: 'boolean', default: true, description: "For Ansible's sake.", since: '0.1.0' },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  /** Files that have sources; null where the host has no apt. */
  readonly paths: readonly string[] | null
  readonly files: readonly TextFile[]
  /** Where a new source goes. */
  readonly target: TextFile | null
}

export default defineModule({
  name: 'apt_repository',
  summary: 'Add and remove sources of packages for apt.',
  description:
    'A source that stands in any of the files is not added again; one that is commented out is put in force, and one with other options gets those of the task, where it stands. ' +
    'A file in sources.list.d that has nothing left is removed. Only files in the one-line style (`*.list`) are looked into.',
  args: ARGS,
  returns: {
    repo: 'The source.',
    state: 'present or absent.',
    sources_added: 'Files that were made.',
    sources_removed: 'Files that were removed.',
  },
  examples: [
    {
      title: 'A repository',
      task: 'apt_repository:\n  repo: deb [signed-by=/etc/apt/keyrings/tools.asc] https://repo.example.org/debian bookworm main\n  filename: drover-tools\n  update_cache: false',
    },
    {
      title: 'Gone',
      given:
        'copy: { dest: /etc/apt/sources.list.d/drover-old.list, content: "deb https://old.example.org/debian sid main\\n" }',
      task: 'apt_repository:\n  repo: deb https://old.example.org/debian sid main\n  state: absent\n  update_cache: false',
    },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: Args): Promise<State> {
  const paths = await host.get(aptSourceFiles())
  const source = parseSource(args.repo)
  const name = args.filename?.replace(/\.list$/, '') ?? (source === null ? '' : sourceFileName(source))
  const path = name === '' || /[/\0]/.test(name) ? null : `${SOURCES_DIRECTORY}/${name}.list`
  const [files, target] = await Promise.all([
    Promise.all((paths ?? []).map((each) => observeText(host, each))),
    path === null || paths === null ? null : observeText(host, path),
  ])
  return { paths, files, target }
}

function plan(args: Args, { paths, files, target }: State): Plan {
  const result: JsonObject = { repo: args.repo, state: args.state, sources_added: [], sources_removed: [] }
  if (paths === null) return refuse('this host has no apt: it is no Debian or Ubuntu', result)
  const ppa = parsePpa(args.repo)
  const source = parseSource(args.repo)
  if (/[\r\n]/.test(args.repo) || (ppa === null && source === null))
    return refuse(`Invalid repository string: ${args.repo}`, result)
  if (args.state === 'absent') {
    const isMeant = source === null ? (ppa === null ? () => false : isOfPpa(ppa, args.codename)) : isMeantBy(source)
    return removal(args, paths, files, isMeant, result)
  }
  if (source === null)
    return ppa !== null && files.some((file) => sourcesIn(latin1(file)).some(isOfPpa(ppa, args.codename)))
      ? propose([], result)
      : refuse(
          `${args.repo} cannot be looked up: only Launchpad knows its url and its key. Write its line, deb [signed-by=KEY] https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu SUITE main, and bring the key with copy or get_url`,
          result,
        )
  return addition(args, source, { paths, files, target }, result)
}

function addition(args: Args, source: Source, { paths, files, target }: State, result: JsonObject): Plan {
  const written = bytesOf(args.repo.trim().replaceAll(/\s+/g, ' '))
  if (files.some((file) => hasSource(latin1(file), source))) {
    const steps =
      target === null || target.file.stat === null || args.mode === undefined
        ? []
        : textSteps(target, { text: latin1(target), ownership: { mode: args.mode } })
    return 'problem' in steps ? refuse(steps.problem, result) : propose(steps, result)
  }
  const wrong = files.find((file) => correctSource(latin1(file), source, written) !== null)
  const file = wrong ?? target
  if (file === null) return refuse(`${JSON.stringify(args.filename ?? '')} can be no name of a file`, result)
  const old = latin1(file)
  const isNew = file.file.before === null
  const steps = textSteps(file, {
    text: correctSource(old, source, written) ?? addSource(old, written),
    ownership: args.mode === undefined ? (isNew ? { mode: '0644' } : {}) : { mode: args.mode },
  })
  if ('problem' in steps) return refuse(steps.problem, result)
  const listed = steps.map((step, index) =>
    index === steps.length - 1
      ? { ...step, effects: [...step.effects, listing(paths, isNew ? [file.file.path] : [], [])] }
      : step,
  )
  return propose([...listed, ...update(args, file)], { ...result, sources_added: isNew ? [file.file.path] : [] })
}

function removal(
  args: Args,
  paths: readonly string[] | null,
  files: readonly TextFile[],
  isMeant: (source: Source) => boolean,
  result: JsonObject,
): Plan {
  const steps: Step[] = []
  const removed: string[] = []
  for (const file of files) {
    const text = removeSources(latin1(file), isMeant)
    if (text === latin1(file)) continue
    const own = file.file.path.startsWith(`${SOURCES_DIRECTORY}/`) && file.file.link === null
    if (text.trim() === '' && own) {
      removed.push(file.file.path)
      steps.push(removalStep(file))
    } else {
      const edits = textSteps(file, { text, ownership: args.mode === undefined ? {} : { mode: args.mode } })
      if ('problem' in edits) return refuse(edits.problem, result)
      steps.push(...edits)
    }
  }
  const last = steps.pop()
  if (last === undefined) return propose([], result)
  const effects = [...last.effects, listing(paths, [], removed)]
  return propose([...steps, { ...last, effects }, ...update(args, null)], { ...result, sources_removed: removed })
}

/** What is in the list of files after a change: sources.list first. */
const listing = (paths: readonly string[] | null, more: readonly string[], less: readonly string[]): Effect => {
  const all = [...(paths ?? []), ...more].filter((path) => !less.includes(path)).toSorted()
  const main = all.filter((path) => !path.startsWith(`${SOURCES_DIRECTORY}/`))
  return becomes(aptSourceFiles(), [...main, ...all.filter((path) => !main.includes(path))])
}

const removalStep = ({ file }: TextFile): Step => ({
  change: {
    subject: file.path,
    verb: 'remove',
    text: { before: (file.before ?? Buffer.alloc(0)).toString(), after: null },
  },
  actions: [{ do: 'remove', path: file.path }],
  effects: [becomes(stat(file.path), null), becomes(content(file.path), null)],
})

/* $1 tries after the first, $2 most seconds between two; $3 the file to take back where all fail, $4 `new` or nothing. Its old text comes on standard input. */
const UPDATE = `
retries=$1 most=$2 file=$3 kind=$4 delay=1
while ! said=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1 </dev/null); do
  if [ "$retries" -le 0 ]; then
    printf '%s\\n' "$said" >&2
    if [ "$kind" = new ]; then rm -f -- "$file" && echo "$file was removed again" >&2
    elif [ -n "$file" ]; then
      kept=$(mktemp "$file.XXXXXX") && cp -p -- "$file" "$kept" && cat >"$kept" && mv -f -- "$kept" "$file" &&
        echo "$file was put back as it was" >&2 || rm -f -- "$kept"
    fi
    exit 1
  fi
  retries=$((retries - 1))
  sleep "$delay"
  delay=$((delay * 2)); [ "$delay" -le "$most" ] || delay=$most
done
printf '%s\\n' "$said"
touch /var/lib/apt/lists
`

function update(args: Args, added: TextFile | null): readonly Step[] {
  if (!args.update_cache) return []
  const file = added?.file
  const words = [file?.real ?? '', file !== undefined && file.before === null ? 'new' : '']
  return [
    {
      change: { subject: 'lists of packages', verb: 'run' },
      actions: [
        {
          do: 'sh',
          title: 'apt-get update',
          script: UPDATE,
          args: [String(args.update_cache_retries), String(args.update_cache_retry_max_delay), ...words],
          ...(file?.before == null ? {} : { stdin: file.before }),
        },
      ],
      effects: [stale(aptCache())],
    },
  ]
}
