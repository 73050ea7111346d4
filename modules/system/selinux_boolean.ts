import { selinux, selinuxBoolean, selinuxKeptBoolean, type KeptBoolean, type Selinux } from '../facts/selinux.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'
import { becomes, run } from '../step.ts'
import { NO_SELINUX, noSelinux, NO_SEMANAGE } from '../lib/selinux-absent.ts'

interface State {
  readonly now: Selinux
  readonly running: boolean | null
  /** Null where it is not asked for: semanage takes a second to start. */
  readonly next: KeptBoolean | null
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
      title: 'Let web servers reach databases',
      task: 'selinux_boolean: { name: httpd_can_network_connect_db, state: true, persistent: true }',
    },
    { title: 'Only until the next boot', task: 'seboolean: { name: httpd_can_network_connect, state: on }' },
  ],
  async observe(host, { name, persistent }): Promise<State> {
    const [now, running, next] = await Promise.all([
      host.get(selinux()),
      host.get(selinuxBoolean(name)),
      persistent ? host.get(selinuxKeptBoolean(name)) : null,
    ])
    return { now, running, next }
  },
  plan({ name, state, persistent }, { now, running, next }) {
    const result = { name, state, persistent }
    if (noSelinux(now)) return propose([], result, ['this host has no SELinux: nothing to do'])
    const off = now.running === 'disabled'
    if (off && !persistent)
      return propose([], result, [`SELinux is disabled, so ${name} has no running value: nothing to do`])
    if (next?.manageable === false) return refuse(NO_SEMANAGE, result)
    const kept = next?.kept ?? null
    if (running === null && kept === null) return refuse(`the policy has no boolean ${name}`, result)
    if (persistent && kept === null)
      return refuse(`semanage does not tell what ${name} is persistently: it needs root: become: true`, result)
    const keeps = persistent && kept !== state
    const runs = running !== null && running !== state
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
          ...(runs ? [{ name: 'running', before: running, after: state }] : []),
          ...(keeps ? [{ name: 'persistent', before: kept, after: state }] : []),
        ],
      },
      actions: [action],
      effects: [
        ...(runs ? [becomes(selinuxBoolean(name), state)] : []),
        ...(keeps ? [becomes(selinuxKeptBoolean(name), { manageable: true, kept: state })] : []),
      ],
    }
    return propose([step], result)
  },
})
