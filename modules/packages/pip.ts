import { posix } from 'node:path'
import { content } from '../facts/content.ts'
import {
  canonicalName,
  pip,
  pipPreview,
  pythonPackages,
  type Pip,
  type PipPreview,
  type PythonPackage,
} from '../facts/pip.ts'
import { hostPath } from '../lib/host-path.ts'
import { words } from '../lib/invocation.ts'
import { PIP_ARGS } from '../lib/pip-args.ts'
import {
  canPreview,
  installedOf,
  isSatisfied,
  namesInRequirements,
  parseRequirement,
  withVersion,
  type Requirement,
} from '../lib/pip-words.ts'
import {
  defineModule,
  outputText,
  propose,
  refuse,
  type HostState,
  type Infer,
  type JsonObject,
  type Plan,
} from '../module.ts'
import { becomes, beneath, stale, type AttributeChange, type RunAction, type Step } from '../step.ts'

type Args = Infer<typeof PIP_ARGS>

interface State {
  /** The directories and files of the task, with the home directory in its place. */
  readonly at: { readonly virtualenv: string; readonly requirements: string; readonly chdir: string }
  readonly pip: Pip | null
  readonly packages: readonly PythonPackage[]
  /** What pip would install; null where it was not asked. */
  readonly preview: PipPreview | null
  /** Names in a requirements file that are to go. */
  readonly listed: readonly string[]
}

export default defineModule({
  name: 'pip',
  summary: 'Install, upgrade and remove packages of Python.',
  description:
    'What is there in a version that will do is not looked at again. For `state: latest`, requirements, urls and paths pip itself is asked what it would do, which it can from version 22.2 on; an older one is run, and what it says decides whether anything changed.',
  args: PIP_ARGS,
  returns: {
    cmd: 'The words that were run.',
    name: 'The packages.',
    requirements: 'The file.',
    version: 'The version.',
    virtualenv: 'The environment.',
    stdout: 'What pip printed.',
    stderr: 'What pip printed to standard error.',
  },
  examples: [
    {
      title: 'In an environment of its own',
      needs: 'pip',
      task: 'pip:\n  name: [tool, "library>=1.0"]\n  virtualenv: /srv/drover-venv\n  virtualenv_command: python3 -m venv\n  extra_args: --no-index --find-links /opt/wheels',
    },
    {
      title: 'From a list',
      needs: 'pip',
      task: 'pip: { requirements: requirements.txt, chdir: /srv/app, virtualenv: /srv/app/venv, virtualenv_command: python3 -m venv }',
    },
    { title: 'Gone', needs: 'pip', task: 'pip: { name: tool, virtualenv: /srv/drover-venv, state: absent }' },
  ],
  observe,
  plan,
  result(args, _, performed) {
    const last = performed.at(-1)
    if (last === undefined) return {}
    const idle =
      args.state !== 'absent' && performed.length === 1 && !/^\s*Successfully installed/m.test(last.stdout.toString())
    return {
      stdout: outputText(last.stdout),
      stderr: outputText(last.stderr),
      ...(idle ? { changed: false } : {}),
    }
  },
})

const requirementsOf = (args: Args): readonly Requirement[] => {
  const all = (args.name ?? []).map(parseRequirement)
  return args.version === undefined ? all : all.map((one) => withVersion(one, args.version ?? ''))
}

/** Words of the options, which `problemOf` has found to be well written. */
const extra = (args: Args): readonly string[] => {
  const found = words(args.extra_args ?? '')
  return 'words' in found ? found.words : []
}

async function observe(host: HostState, args: Args): Promise<State> {
  const [virtualenv, requirements, chdir] = await Promise.all(
    [args.virtualenv ?? '', args.requirements ?? '', args.chdir ?? ''].map((path) => hostPath(host, path)),
  )
  const at = { virtualenv: virtualenv ?? '', requirements: requirements ?? '', chdir: chdir ?? '' }
  const none: State = { at, pip: null, packages: [], preview: null, listed: [] }
  const program = await host.get(
    pip(args.executable ?? '', at.virtualenv === '' ? '' : posix.resolve('/', at.chdir, at.virtualenv)),
  )
  const file = args.state === 'absent' && at.requirements !== '' ? posix.resolve('/', at.chdir, at.requirements) : null
  const listed = file === null ? [] : namesInRequirements((await host.get(content(file)))?.toString() ?? '')
  if (program === null || problemOf(args) !== null) return { ...none, listed }
  const packages = await host.get(pythonPackages(program.argv))
  const asked = { ...none, pip: program, packages, listed }
  const names = wanted(args, packages)
  const asks =
    (args.state === 'latest' || args.requirements !== undefined || names.some(({ name }) => name === null)) &&
    args.state !== 'absent' &&
    args.state !== 'forcereinstall' &&
    !program.managed
  if (!asks || (names.length === 0 && args.requirements === undefined) || !canPreview(program.version)) return asked
  return { ...asked, preview: await host.get(pipPreview(at.chdir, program.argv, installWords(args, at, names))) }
}

/** The requirements that are still to be met. */
const wanted = (args: Args, packages: readonly PythonPackage[]): readonly Requirement[] =>
  requirementsOf(args).filter((one) =>
    args.state === 'present' ? !isSatisfied(one, packages) && !isWorkedOn(args, one, packages) : true,
  )

/** Whether a directory is installed to be worked on already. */
const isWorkedOn = (args: Args, { written }: Requirement, packages: readonly PythonPackage[]): boolean =>
  args.editable &&
  packages.some(({ editable }) => editable === posix.resolve('/', args.chdir ?? '', written.replace(/^file:\/\//, '')))

function installWords(args: Args, at: State['at'], names: readonly Requirement[]): readonly string[] {
  return [
    ...(args.state === 'latest' ? ['-U'] : args.state === 'forcereinstall' ? ['-U', '--force-reinstall'] : []),
    ...(args.break_system_packages ? ['--break-system-packages'] : []),
    ...extra(args),
    ...(args.requirements === undefined ? [] : ['-r', at.requirements]),
    ...names.flatMap(({ written }) => (args.editable ? ['-e', written] : [written])),
  ]
}

function problemOf(args: Args): string | null {
  const split = [words(args.extra_args ?? ''), words(args.virtualenv_command)].find((each) => 'problem' in each)
  if (split !== undefined && 'problem' in split) return split.problem
  if (args.version !== undefined && args.name?.length !== 1)
    return "'version' argument is ambiguous when installing multiple package distributions. Please specify version restrictions next to each package in 'name' argument."
  if (args.version !== undefined && parseRequirement(args.name?.[0] ?? '').versions !== '')
    return "The 'version' argument conflicts with any version specifier provided along with a package name. Please keep the version specifier, but remove the 'version' argument."
  if (args.state === 'latest' && args.version !== undefined) return 'version is incompatible with state=latest'
  const option = args.name?.find((name) => /^\s*(?:-|$)/.test(name) || /[\n\0]/.test(name))
  return option === undefined ? null : `${JSON.stringify(option)} can be no package: options go into extra_args`
}

function plan(args: Args, state: State): Plan {
  const { at, packages, preview } = state
  const result: JsonObject = {
    name: args.name === undefined ? null : [...args.name],
    requirements: args.requirements ?? null,
    version: args.version ?? null,
    virtualenv: args.virtualenv ?? null,
    state: args.state,
  }
  const problem = problemOf(args)
  if (problem !== null) return refuse(problem, result)
  if (args.state === 'absent') return removal(args, state, result)
  if (state.pip === null && args.virtualenv === undefined)
    return refuse(
      args.executable === undefined
        ? 'Unable to find any of pip3, pip to use. pip needs to be installed: the package python3-pip brings it'
        : `Unable to find any of ${args.executable} to use. pip needs to be installed.`,
      result,
    )
  const names = wanted(args, packages)
  if (names.length === 0 && args.requirements === undefined && state.pip !== null) return propose([], result)
  if (preview !== null && preview.problem !== null) return refuse(`pip: ${preview.problem}`, result)
  const comes = preview?.installs.filter(({ name, version }) =>
    packages.every((one) => one.name !== name || one.version !== version),
  )
  if (comes?.length === 0) return propose([], result)
  if (state.pip?.managed === true && !args.break_system_packages)
    return refuse(
      "the host's package manager keeps the packages of this Python (PEP 668): use virtualenv, or break_system_packages: true",
      result,
    )
  const program = state.pip?.argv ?? [`${posix.resolve('/', at.chdir, at.virtualenv)}/bin/pip`]
  const install: RunAction = {
    do: 'run',
    argv: [...program, 'install', ...installWords(args, at, names)],
    ...howRun(args, at),
  }
  const attributes =
    comes === undefined
      ? [
          ...names.map((one) => ({
            name: one.name ?? one.written,
            before: installedOf(one, packages)?.version ?? null,
            after: one.versions || (args.state === 'present' ? 'present' : args.state),
          })),
          ...(args.requirements === undefined
            ? []
            : [{ name: 'requirements', before: null, after: args.requirements }]),
        ]
      : comes.map(({ name, version }) => ({
          name,
          before: packages.find((one) => one.name === name)?.version ?? null,
          after: version,
        }))
  return propose(
    [
      ...(state.pip === null ? [environmentStep(args, at)] : []),
      {
        change: { subject: 'Python packages', verb: 'update', attributes },
        actions: [install],
        effects: [stale(pythonPackages(program))],
      },
    ],
    { ...result, cmd: [...install.argv] },
  )
}

const howRun = (args: Args, { chdir }: State['at']): Pick<RunAction, 'environment' | 'chdir' | 'umask'> => ({
  environment: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
  ...(chdir === '' ? {} : { chdir }),
  ...(args.umask === undefined ? {} : { umask: args.umask }),
})

/** The step that makes the environment. */
function environmentStep(args: Args, at: State['at']): Step {
  const command = words(args.virtualenv_command)
  const path = posix.resolve('/', at.chdir, at.virtualenv)
  const argv = [
    ...('words' in command ? command.words : []),
    ...(args.virtualenv_site_packages ? ['--system-site-packages'] : []),
    ...(args.virtualenv_python === undefined ? [] : ['-p', args.virtualenv_python]),
    path,
  ]
  return {
    change: {
      subject: `virtual environment ${path}`,
      verb: 'create',
      attributes: [{ name: 'state', before: null, after: 'present' }],
    },
    actions: [{ do: 'run', argv, ...howRun(args, at) }],
    effects: [stale(pip('', path)), beneath(path, 'unknown')],
  }
}

function removal(args: Args, { at, pip: program, packages, listed }: State, result: JsonObject): Plan {
  const names = new Set([...requirementsOf(args).flatMap(({ name }) => name ?? []), ...listed].map(canonicalName))
  const stray = requirementsOf(args).find(({ name }) => name === null)
  if (stray !== undefined) return refuse(`${stray.written}: name what is to be removed`, result)
  const there = packages.filter(({ name }) => names.has(name))
  if (program === null || there.length === 0) return propose([], result)
  if (program.managed && !args.break_system_packages)
    return refuse(
      "the host's package manager keeps the packages of this Python (PEP 668): remove its package, or break_system_packages: true",
      result,
    )
  const more = args.break_system_packages ? ['--break-system-packages'] : []
  const argv = [...program.argv, 'uninstall', '-y', ...more, ...there.map(({ name }) => name)]
  const attributes: readonly AttributeChange[] = there.map(({ name, version }) => ({
    name,
    before: version,
    after: null,
  }))
  return propose(
    [
      {
        change: { subject: 'Python packages', verb: 'remove', attributes },
        actions: [{ do: 'run', argv, ...howRun(args, at) }],
        effects: [
          becomes(
            pythonPackages(program.argv),
            packages.filter((one) => !there.includes(one)),
          ),
        ],
      },
    ],
    { ...result, cmd: argv },
  )
}
