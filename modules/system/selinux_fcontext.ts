import { selinuxContexts, type TargetContexts } from '../facts/selinux-contexts.ts'
import { selinux, type Selinux } from '../facts/selinux.ts'
import { NO_SELINUX, noSelinux, NO_SEMANAGE } from '../lib/selinux-absent.ts'
import { contextSteps, substituteSteps } from '../lib/selinux-context-steps.ts'
import { defineModule, propose, refuse } from '../module.ts'

interface State {
  readonly now: Selinux
  readonly contexts: TargetContexts
}

export default defineModule({
  name: 'selinux_fcontext',
  aliases: ['sefcontext'],
  summary: 'Say which SELinux context files shall have.',
  description: `This is about the rule, not about files that are there: \`selinux_restorecon\` gives these their contexts. ${NO_SELINUX}`,
  args: {
    type: 'object',
    required: ['target'],
    mutuallyExclusive: [
      ['setype', 'substitute'],
      ['seuser', 'substitute'],
      ['selevel', 'substitute'],
    ],
    properties: {
      target: {
        type: 'string',
        pattern: '^/\\S*$',
        aliases: ['path'],
        description: 'The files: a path, or a regular expression such as `/srv/www(/.*)?`.',
        since: '0.1.0',
      },
      ftype: {
        type: 'string',
        enum: ['a', 'b', 'c', 'd', 'f', 'l', 'p', 's'],
        default: 'a',
        description: 'Which kind of files: `a` all, `f` regular, `d` directories; the letters of find(1).',
        since: '0.1.0',
      },
      setype: {
        type: 'string',
        pattern: '^(?:\\w+|<<none>>)$',
        description: 'The type, e.g. `httpd_sys_content_t`.',
        since: '0.1.0',
      },
      seuser: { type: 'string', pattern: '^\\w+$', description: 'The SELinux user.', since: '0.1.0' },
      selevel: {
        type: 'string',
        aliases: ['serange'],
        pattern: '^[\\w:.,-]+$',
        description: 'The level or range.',
        since: '0.1.0',
      },
      substitute: {
        type: 'string',
        format: 'path',
        aliases: ['equal'],
        description: 'A path: what is below `target` is labelled as what is below that.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the rule is there. Only what was set on the host can be removed.',
        since: '0.1.0',
      },
      reload: { type: 'boolean', default: true, description: 'Loads the changed policy at once.', since: '0.1.0' },
      ignore_selinux_state: {
        type: 'boolean',
        default: false,
        description: 'For Ansible’s sake: contexts are set while SELinux is disabled too.',
        since: '0.1.0',
      },
    },
  },
  returns: { target: 'The files.', setype: 'The type.', state: 'The state that was asked for.' },
  examples: [
    {
      title: 'Data in a place of its own',
      task: "selinux_fcontext: { target: '/srv/mysql(/.*)?', setype: mysqld_db_t }",
    },
    { title: 'As another directory', task: 'sefcontext: { target: /srv/home, substitute: /home }' },
  ],
  async observe(host, { target }): Promise<State> {
    const [now, contexts] = await Promise.all([host.get(selinux()), host.get(selinuxContexts(target))])
    return { now, contexts }
  },
  plan(args, { now, contexts }) {
    const result = { target: args.target, setype: args.setype ?? null, state: args.state }
    const { setype: type, substitute } = args
    if (args.state === 'present' && type === undefined && substitute === undefined)
      return refuse('setype is missing: say the type, or the path that it is labelled like (substitute)', result)
    if (noSelinux(now)) return propose([], result, ['this host has no SELinux: nothing to do'])
    if (!contexts.manageable) return refuse(NO_SEMANAGE, result)
    const wish = { ...args, load: args.reload && now.running !== 'disabled' }
    if (substitute !== undefined) return propose(substituteSteps({ ...wish, substitute }, contexts), result)
    const found = contexts.policy.some(({ kind }) => kind === args.ftype)
    const steps = contextSteps(wish, contexts)
    const kept = `the policy itself says which context ${args.target} has, which cannot be removed`
    return propose(steps, result, args.state === 'absent' && steps.length === 0 && found ? [kept] : [])
  },
})
