import { hostName } from '../facts/host-name.ts'
import { latin1, observeText, textSteps, type TextFile } from '../lib/text-edit.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { becomes, run, type Step } from '../step.ts'

export default defineModule({
  name: 'hostname',
  summary: 'Set the name of a host, now and for the next boot.',
  description: 'It does not touch `/etc/hosts`. Facts of the host are not gathered again.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'The name, with or without a domain.', since: '0.1.0' },
      use: { type: 'string', description: "For Ansible's sake: how the name is set is found out.", since: '0.1.0' },
    },
  },
  returns: {
    name: 'The name.',
    ansible_facts: '`hostname`, `nodename`, `fqdn` and `domain` as far as the name tells.',
  },
  examples: [
    { title: 'By variable', task: 'hostname: { name: "{{ inventory_hostname }}" }' },
    { title: 'Fixed', task: 'hostname: { name: db1 }' },
  ],
  async observe(host): Promise<{ readonly running: string; readonly file: TextFile }> {
    const [running, file] = await Promise.all([host.get(hostName()), observeText(host, '/etc/hostname')])
    return { running, file }
  },
  plan({ name }, { running, file }) {
    if (
      name.length > 64 ||
      !/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(name)
    )
      return refuse(`this can be no name of a host: ${JSON.stringify(name)}`)
    const old = latin1(file)
    const written = old
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('#'))
      ?.trim()
    const steps = written === name ? [] : textSteps(file, { text: `${name}\n` })
    if ('problem' in steps) return refuse(steps.problem)
    const now: readonly Step[] =
      running === name
        ? []
        : [
            {
              change: {
                subject: 'hostname',
                verb: 'update',
                attributes: [{ name: 'hostname', before: running, after: name }],
              },
              actions: [run('hostname', name)],
              effects: [becomes(hostName(), name)],
            },
          ]
    const [short = name, ...domain] = name.split('.')
    const facts = {
      hostname: short,
      nodename: name,
      fqdn: name,
      domain: domain.join('.'),
    }
    return propose([...steps, ...now], { name, ansible_facts: facts })
  },
})
