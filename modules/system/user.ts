import { account, accountTools, group, type Account, type AccountTools, type Group } from '../facts/account.ts'
import { stat } from '../facts/stat.ts'
import { accountFiles, accountNameProblem, membershipEffects, NO_TOOLS } from '../lib/account-effects.ts'
import { predictedStat } from '../lib/ownership.ts'
import { sshKeyStep } from '../lib/ssh-key.ts'
import { USER_ARGS } from '../lib/user-args.ts'
import { changeUser, createUser, wishedGroups } from '../lib/user-plan.ts'
import { defineModule, outputText, propose, refuse, type HostState, type Infer, type Plan } from '../module.ts'
import { beneath, becomes, run, stale, type Effect, type Step } from '../step.ts'

type Args = Infer<typeof USER_ARGS>

interface State {
  readonly tools: AccountTools
  readonly found: Account | null
  /** Who has the number that is asked for. */
  readonly taken: Account | null
  /** The group of the user's own name. */
  readonly own: Group | null
  readonly primary: Group | null
  /** Groups that are asked for and are not there. */
  readonly missing: readonly string[]
  readonly key: boolean
  /** Groups that the user is to be in beside the primary one, and those to leave. */
  readonly joined: readonly Group[]
  readonly left: readonly Group[]
}

export default defineModule({
  name: 'user',
  summary: 'Keep a user account.',
  description:
    'Only what the task names is compared and changed. The hash of a password is on no command line, and no diff shows it.',
  args: USER_ARGS,
  returns: {
    name: 'The user.',
    uid: 'Its number.',
    group: "The primary group's number.",
    home: 'The home directory.',
    shell: 'The login shell.',
    comment: 'The comment.',
    state: 'present or absent.',
    ssh_key_file: 'With `generate_ssh_key`: the private key.',
    ssh_public_key: 'With `generate_ssh_key`: the public key, where one was made.',
  },
  examples: [
    {
      title: 'An account for a service',
      task: 'user: { name: drover-svc, system: true, shell: /usr/sbin/nologin, create_home: false }',
    },
    {
      title: 'A person in groups',
      given: 'group: { name: drover-ops }',
      task: 'user:\n  name: drover-ada\n  comment: Ada Lovelace\n  groups: [drover-ops]\n  append: true\n  shell: /bin/bash\n  password: $6$drover$cVAFsPZ.gXUOTvgY5q5p4LwvlRyBNqsKPLFm6YbvAfH6xHX2Vn3zCBd9vOeLLn4mD8zJg0e8l8SXOfPz/PRki.',
    },
    { title: 'Gone', task: 'user: { name: drover-former, state: absent, remove: true }' },
  ],
  observe,
  plan,
  result(args, { found }, performed) {
    const line = performed.map(({ stdout }) => outputText(stdout)).find((each) => each.startsWith(`${args.name}:`))
    const key = performed.map(({ stdout }) => outputText(stdout)).find((each) => /^(?:ssh|ecdsa|sk)-/.test(each))
    const [, , uid, gid, comment, home, shell] = found === null && line !== undefined ? line.split(':') : []
    const made =
      uid === undefined
        ? {}
        : { uid: Number(uid), group: Number(gid), comment: comment ?? '', home: home ?? '', shell: shell ?? '' }
    return { ...made, ...(key === undefined ? {} : { ssh_public_key: key }) }
  },
})

async function observe(host: HostState, args: Args): Promise<State> {
  const asked =
    args.state === 'absent'
      ? []
      : [...(args.group === undefined ? [] : [args.group]), ...(args.groups ?? [])].filter(Boolean)
  const [tools, found, taken, own, ...groups] = await Promise.all([
    host.get(accountTools()),
    host.get(account(args.name)),
    args.state === 'absent' || args.uid === undefined ? null : host.get(account(String(args.uid))),
    args.state === 'absent' ? null : host.get(group(args.name)),
    ...asked.map((name) => host.get(group(name))),
  ])
  // Groups that the user leaves: only then are they asked for.
  const former = (found?.groups ?? []).filter(
    (name) => args.state === 'absent' || (args.groups !== undefined && !args.append && !args.groups.includes(name)),
  )
  const left = await Promise.all(former.map((name) => host.get(group(name))))
  const joined = groups.filter((_, index) => args.groups?.includes(asked[index] ?? '') === true)
  const home = args.home ?? found?.home
  const file = args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type}`
  const asksKey = args.generate_ssh_key && home !== undefined
  const key = asksKey && (await host.get(stat(file.startsWith('/') ? file : `${home}/${file}`))) !== null
  return {
    tools,
    found,
    // A number could be the name of another user.
    taken: taken?.uid === args.uid ? taken : null,
    own: own?.name === args.name ? own : null,
    primary: args.group === undefined ? null : (groups[0] ?? null),
    joined: joined.flatMap((one) => one ?? []),
    left: left.flatMap((one) => one ?? []),
    missing: asked.filter((_, index) => (groups[index] ?? null) === null),
    key,
  }
}

function plan(args: Args, state: State): Plan {
  const { tools, found, taken, missing } = state
  const { name } = args
  const base = { name, state: args.state }
  const wrong = accountNameProblem(name)
  if (wrong !== null) return refuse(wrong, base)
  if (tools.kind === 'none') return refuse(NO_TOOLS, base)
  if (args.state === 'absent')
    return found === null
      ? propose([], base)
      : propose([removal(args, found, state)], { ...base, force: args.force, remove: args.remove })
  if (missing.length > 0) return refuse(`Group ${missing.join(', ')} does not exist`, base)
  if (taken !== null && taken.name !== name && found?.uid !== args.uid && !args.non_unique)
    return refuse(`UID '${args.uid}' already exists: it is that of the user ${taken.name}`, base)
  if (args.password?.includes('\n')) return refuse('the hash of a password holds no newline', base)
  const shadow = tools.kind === 'shadow'
  const work = found === null ? createUser(args, tools, state.own) : changeUser(args, found, state.primary)
  if (!shadow && work.actions.some((action) => action.do === 'run' && /^(?:usermod|chage)$/.test(action.argv[0] ?? '')))
    return refuse(`user ${name} cannot be changed without usermod: install the package shadow`, base)
  const home = args.home ?? found?.home ?? `/home/${name}`
  const next = foreseen(args, found, home, state.primary)
  const effects: readonly Effect[] = [
    ...accountFiles([name, ...(args.uid === undefined ? [] : [String(args.uid)])]),
    ...membershipEffects(name, state),
    ...(found === null || found.uid === next.uid ? [] : [becomes(account(String(found.uid)), null)]),
    ...(args.uid === undefined ? [] : [becomes(account(String(args.uid)), next)]),
    becomes(account(name), next),
    ...ownGroup(args, state),
    ...homeEffects(args, found, tools, home),
  ]
  const steps: Step[] =
    work.actions.length === 0
      ? []
      : [
          {
            change: {
              subject: `user ${name}`,
              verb: found === null ? 'create' : 'update',
              attributes: work.attributes,
            },
            actions:
              found === null
                ? [...work.actions, run('grep', `^${name.replaceAll('.', '\\.').replace('$', '\\$')}:`, '/etc/passwd')]
                : work.actions,
            effects,
          },
        ]
  const key = args.generate_ssh_key && !state.key ? sshKeyStep(args, name, home) : null
  const shown = {
    append: args.append,
    move_home: args.move_home,
    ...(args.groups === undefined ? {} : { groups: args.groups.join(',') }),
  }
  return propose(key === null ? steps : [...steps, key.step], {
    ...base,
    ...shown,
    ...(next.uid < 0 ? {} : { uid: next.uid }),
    ...(next.gid < 0 ? {} : { group: next.gid }),
    home: next.home,
    shell: next.shell,
    comment: next.comment,
    ...(args.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
    ...(args.generate_ssh_key ? { ssh_key_file: sshKeyStep(args, name, home).file } : {}),
  })
}

/** The account after the task; -1 for numbers that useradd will choose. */
function foreseen(args: Args, found: Account | null, home: string, primary: Group | null): Account {
  const old = found ?? {
    name: args.name,
    uid: -1,
    gid: -1,
    comment: '',
    home,
    shell: '',
    group: args.name,
    groups: [],
    shadow: null,
  }
  const limit = old.shadow ?? { password: '!', min: null, max: null, expires: null }
  const sets = args.password !== undefined && (found === null || args.update_password === 'always')
  const password = sets ? (args.password ?? '') : limit.password
  const bare = password.replace(/^!+/, '')
  return {
    ...old,
    uid: args.uid ?? old.uid,
    gid: primary?.gid ?? old.gid,
    group: primary?.name ?? old.group,
    comment: args.comment ?? old.comment,
    home,
    shell: args.shell ?? old.shell,
    groups: wishedGroups(args, old) ?? old.groups,
    shadow: {
      password: args.password_lock === undefined ? password : args.password_lock ? `!${bare}` : bare,
      min: args.password_expire_min ?? limit.min,
      max: args.password_expire_max ?? limit.max,
      expires: args.expires === undefined ? limit.expires : args.expires < 0 ? null : Math.floor(args.expires / 86_400),
    },
  }
}

/** A user's own group, which useradd makes too. */
const ownGroup = (args: Args, { found, own }: State): readonly Effect[] =>
  found === null && own === null && args.group === undefined
    ? [becomes(group(args.name), { name: args.name, gid: -1, members: [] })]
    : []

function homeEffects(args: Args, found: Account | null, tools: AccountTools, home: string): readonly Effect[] {
  if (found !== null)
    return args.move_home && found.home !== home ? [beneath(found.home, 'unknown'), beneath(home, 'unknown')] : []
  if (!args.create_home) return []
  const made = predictedStat('directory', { mode: tools.homeMode, owner: args.name, group: args.group ?? args.name })
  return [becomes(stat(home), made), beneath(home, 'unknown')]
}

function removal(args: Args, found: Account, state: State): Step {
  const { name } = args
  const { tools } = state
  const shadow = run('userdel', ...(args.force ? ['-f'] : []), ...(args.remove ? ['-r'] : []), name)
  return {
    change: {
      subject: `user ${name}`,
      verb: 'remove',
      attributes: [{ name: 'state', before: 'present', after: 'absent' }],
    },
    actions: [tools.kind === 'shadow' ? shadow : run('deluser', ...(args.remove ? ['--remove-home'] : []), name)],
    effects: [
      ...accountFiles([name, String(found.uid), String(found.gid)]),
      ...membershipEffects(name, state),
      stale(group(name)),
      stale(group(String(found.gid))),
      becomes(account(name), null),
      stale(account(String(found.uid))),
      ...(args.remove ? [becomes(stat(found.home), null), beneath(found.home, 'absent')] : []),
    ],
  }
}
