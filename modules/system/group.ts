import { account, accountTools, group } from '../facts/account.ts'
import { ANY_USER, accountFiles, accountNameProblem, NO_TOOLS } from '../lib/account-effects.ts'
import { defineModule, outputText, propose, refuse } from '../module.ts'
import { attributeChanges, becomes, run, stale, type RunAction } from '../step.ts'

export default defineModule({
  name: 'group',
  summary: 'Keep a group.',
  description: 'Of what a group has, only the number can be changed. Who is in it is said with `user`.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'The group.', since: '0.1.0' },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it should be there.',
        since: '0.1.0',
      },
      gid: { type: 'integer', minimum: 0, description: 'Its number.', since: '0.1.0' },
      system: {
        type: 'boolean',
        default: false,
        description: 'Takes the number of a new group from those for the system.',
        since: '0.1.0',
      },
      non_unique: {
        type: 'boolean',
        default: false,
        description: 'Lets several groups have one number.',
        since: '0.1.0',
      },
      force: {
        type: 'boolean',
        default: false,
        description: 'Removes the group also where it is the primary one of a user.',
        since: '0.1.0',
      },
    },
  },
  returns: { name: 'The group.', gid: 'Its number.', state: 'present or absent.', system: 'As the task says it.' },
  examples: [
    { title: 'A group', task: 'group: { name: drover-operators }' },
    { title: 'With a number of its own', task: 'group: { name: drover-galera, gid: 6444, system: true }' },
    { title: 'Gone', task: 'group: { name: drover-former, state: absent }' },
  ],
  async observe(host, { name, gid }) {
    const [tools, found, taken] = await Promise.all([
      host.get(accountTools()),
      host.get(group(name)),
      gid === undefined ? null : host.get(group(String(gid))),
    ])
    // A number could name another group, and a name be all digits.
    return { tools, found: found?.name === name ? found : null, taken: taken?.gid === gid ? taken : null }
  },
  plan(args, { tools, found, taken }) {
    const { name, state, gid } = args
    const result = {
      name,
      state,
      ...(state === 'absent' ? {} : { system: args.system, ...(found === null ? {} : { gid: gid ?? found.gid }) }),
    }
    const wrong = accountNameProblem(name)
    if (wrong !== null) return refuse(wrong, result)
    if (state === 'absent' ? found === null : found !== null && (gid === undefined || gid === found.gid))
      return propose([], result)
    if (tools.kind === 'none') return refuse(NO_TOOLS, result)
    if (state === 'present' && taken !== null && taken.name !== name && !args.non_unique)
      return refuse(`GID '${gid}' already exists: it is that of the group ${taken.name}`, result)
    const shadow = tools.kind === 'shadow'
    const step = (verb: 'create' | 'update' | 'remove', before: object, after: object, actions: readonly RunAction[]) =>
      propose(
        [
          {
            change: { subject: `group ${name}`, verb, attributes: attributeChanges({ ...before }, { ...after }) },
            actions,
            effects: [
              ...accountFiles([
                name,
                ...[gid, found?.gid].flatMap((number) => (number === undefined ? [] : [String(number)])),
              ]),
              ...(verb === 'update' ? ANY_USER : []),
              ...(verb === 'remove' ? (found?.members ?? []).map((member) => stale(account(member))) : []),
              ...(found === null ? [] : [becomes(group(String(found.gid)), null)]),
              ...(gid === undefined || state === 'absent'
                ? []
                : [becomes(group(String(gid)), { name, gid, members: [] })]),
              becomes(
                group(name),
                state === 'absent' ? null : { name, gid: gid ?? found?.gid ?? -1, members: found?.members ?? [] },
              ),
            ],
          },
        ],
        result,
      )
    if (state === 'absent') {
      const remove = shadow ? run('groupdel', ...(args.force ? ['-f'] : []), name) : run('delgroup', name)
      return step('remove', { state: 'present' }, { state: 'absent' }, [remove])
    }
    const number = gid === undefined ? [] : ['-g', String(gid)]
    if (found !== null) {
      if (!shadow)
        return refuse(
          `group ${name} has the number ${found.gid}: without groupmod (package shadow) it cannot be changed`,
          result,
        )
      return step('update', { gid: found.gid }, { gid: gid ?? null }, [
        run('groupmod', ...number, ...(args.non_unique ? ['-o'] : []), name),
      ])
    }
    const options = shadow
      ? [...(args.system ? ['-r'] : []), ...number, ...(args.non_unique ? ['-o'] : [])]
      : [...(args.system ? ['-S'] : []), ...number]
    const add = run(shadow ? 'groupadd' : 'addgroup', ...options, name)
    return step('create', { state: 'absent' }, { state: 'present', ...(gid === undefined ? {} : { gid }) }, [
      add,
      run('awk', '-F:', '-v', `name=${name}`, '$1 == name { print $3 }', '/etc/group'),
    ])
  },
  result(_, { found }, performed) {
    const number = performed[1] === undefined ? '' : outputText(performed[1].stdout)
    return found === null && /^\d+$/.test(number) ? { gid: Number(number) } : {}
  },
})
