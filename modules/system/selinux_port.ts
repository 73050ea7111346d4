import { selinux, selinuxPorts, type Selinux, type SelinuxPorts } from '../facts/selinux.ts'
import { NO_SELINUX, noSelinux, NO_SEMANAGE } from '../lib/selinux-absent.ts'
import { parsePort, portSteps } from '../lib/selinux-ports.ts'
import { defineModule, propose, refuse } from '../module.ts'

interface State {
  readonly now: Selinux
  readonly ports: SelinuxPorts
}

export default defineModule({
  name: 'selinux_port',
  aliases: ['seport'],
  summary: 'Give ports a type in SELinux.',
  description: `A port that the policy itself names is given another type in its place. What the policy names cannot be removed, only what was set on the
host. ${NO_SELINUX}`,
  args: {
    type: 'object',
    required: ['ports', 'proto', 'setype'],
    properties: {
      ports: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'Ports and ranges (`8000-8010`).',
        since: '0.1.0',
      },
      proto: {
        type: 'string',
        enum: ['tcp', 'udp', 'dccp', 'sctp'],
        description: 'The protocol.',
        since: '0.1.0',
      },
      setype: { type: 'string', pattern: '^\\w+$', description: 'The type, e.g. `mysqld_port_t`.', since: '0.1.0' },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the ports have the type.',
        since: '0.1.0',
      },
      reload: { type: 'boolean', default: true, description: 'Loads the changed policy at once.', since: '0.1.0' },
      ignore_selinux_state: {
        type: 'boolean',
        default: false,
        description: 'For Ansible’s sake: ports are set while SELinux is disabled too.',
        since: '0.1.0',
      },
    },
  },
  returns: { ports: 'The ports.', proto: 'The protocol.', setype: 'The type.', state: 'The state that was asked for.' },
  examples: [
    { title: 'Galera’s ports', task: 'selinux_port: { ports: [4567, 4568], proto: tcp, setype: mysqld_port_t }' },
    {
      title: 'No longer',
      task: 'seport: { ports: 8000-8010, proto: tcp, setype: http_port_t, state: absent }',
    },
  ],
  async observe(host): Promise<State> {
    const [now, ports] = await Promise.all([host.get(selinux()), host.get(selinuxPorts())])
    return { now, ports }
  },
  plan(args, { now, ports }) {
    const result = { ports: args.ports, proto: args.proto, setype: args.setype, state: args.state }
    const wanted = args.ports.map((text) => ({ text, range: parsePort(text) }))
    const ranges = wanted.flatMap(({ range }) => (range === null ? [] : [range]))
    const wrong = wanted.find(({ range }) => range === null)
    if (wrong !== undefined)
      return refuse(`this is neither a port nor a range of ports: ${JSON.stringify(wrong.text)}`, result)
    if (noSelinux(now)) return propose([], result, ['this host has no SELinux: nothing to do'])
    if (!ports.manageable) return refuse(NO_SEMANAGE, result)
    const options = { ...args, load: args.reload && now.running !== 'disabled' }
    const planned = portSteps(ranges, options, ports)
    return propose(planned.steps, result, planned.warnings)
  },
})
