import { selinux, selinuxBoolean, type Selinux, type SelinuxBoolean } from '../facts/selinux.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'
import { becomes, run } from '../step.ts'
import { NO_SELINUX, noSelinux, NO_SEMANAGE } from '../lib/selinux-absent.ts'

interface State {
  readonly now: Selinux
  readonly boolean: SelinuxBoolean
}

export default defineModule({
  name: 'selinux_boolean',
  aliases: ['seboolean'],
  summary: "Set a boolean of SELinux's policy, now and for the next boot.",
  description: `${NO_SELINUX} Where it is only disabled, what is persistent is changed all the same.`,
  args: {
    type: 'object',
    required: ['name', 'state'],
    properties: {
      name: { type: 'string', pattern: '^[\\w.-]+$', description: 'The boolean.', since: '0.1.0' },
      state: { type: 'boolean', description: 'Whether it is on.', since: '0.1.0' },
      persistent: {
        type: 'boolean',
        default: false,
        description: 'Whether it stays so after a reboot.',
        since: '0.1.0',
      },
      ignore_selinux_state: {
        type: 'boolean',
        default: false,
        description: 'For Ansible’s sake: what can be done while SELinux is disabled is always done.',
        since: '0.1.0',
      },
    },
  },
  returns: { name: 'The boolean.', state: 'Whether it is to be on.', persistent: 'Whether it is to stay so.' },
  examples: [
    {
      title: 'Let a proxy connect anywhere',
      task: 'selinux_boolean: { name: haproxy_connect_any, state: true, persistent: true }',
    },
    { title: 'Only until the next boot', task: 'seboolean: { name: httpd_can_network_connect, state: on }' },
  ],
  async observe(host, { name }): Promise<State> {
    const [now, boolean] = await Promise.all([host.get(selinux()), host.get(selinuxBoolean(name))])
    return { now, boolean }
  },
  plan({ name, state, persistent }, { now, boolean }) {
    const result = { name, state, persistent }
    if (noSelinux(now)) return propose([], result, ['this host has no SELinux: nothing to do'])
    const off = now.running === 'disabled'
    if (off && !persistent)
      return propose([], result, [`SELinux is disabled, so ${name} has no running value: nothing to do`])
    if (persistent && !boolean.manageable) return refuse(NO_SEMANAGE, result)
    if (boolean.running === null && boolean.kept === null) return refuse(`the policy has no boolean ${name}`, result)
    if (persistent && boolean.kept === null)
      return refuse(`semanage does not tell what ${name} is persistently: it needs root: become: true`, result)
    const keeps = persistent && boolean.kept !== state
    const runs = boolean.running !== null && boolean.running !== state
    if (!keeps && !runs) return propose([], result)
    const word = state ? 'on' : 'off'
    const action = off
      ? run('semanage', 'boolean', '-N', '-m', `--${word}`, name)
      : run('setsebool', ...(keeps ? ['-P'] : []), name, word)
    const step: Step = {
      change: {
        subject: `SELinux boolean ${name}`,
        verb: 'update',
        attributes: [
          ...(runs ? [{ name: 'running', before: boolean.running, after: state }] : []),
          ...(keeps ? [{ name: 'persistent', before: boolean.kept, after: state }] : []),
        ],
      },
      actions: [action],
      effects: [
        becomes(selinuxBoolean(name), {
          ...boolean,
          running: boolean.running === null ? null : state,
          kept: keeps ? state : boolean.kept,
        }),
      ],
    }
    return propose([step], result)
  },
})
