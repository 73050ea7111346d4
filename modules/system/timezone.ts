import { content } from '../facts/content.ts'
import { stat } from '../facts/stat.ts'
import { latin1, observeText, textSteps } from '../lib/text-edit.ts'
import { defineModule, propose, refuse, type HostState } from '../module.ts'
import { becomes, stale, type Step } from '../step.ts'

const ZONES = '/usr/share/zoneinfo'

export default defineModule({
  name: 'timezone',
  summary: "Set a host's time zone.",
  description:
    'Links `/etc/localtime` to the zone, and keeps `/etc/timezone` where the host has one. Running programs see it once they are started again.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'The zone, as in the tz database: `Europe/Berlin`, `UTC`.', since: '0.1.0' },
    },
  },
  returns: { name: 'The zone.' },
  examples: [
    { title: 'UTC', task: 'timezone: { name: Etc/UTC }' },
    { title: 'A city', task: 'timezone: { name: Europe/Berlin }' },
  ],
  async observe(host: HostState, { name }) {
    const [zone, local, file] = await Promise.all([
      host.get(stat(`${ZONES}/${name}`)),
      host.get(stat('/etc/localtime')),
      observeText(host, '/etc/timezone'),
    ])
    return { zone, local, file }
  },
  plan({ name }, { zone, local, file }) {
    const result = { name }
    if (!/^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/.test(name))
      return refuse(`this can be no time zone: ${JSON.stringify(name)}`, result)
    if (zone === null || zone.type === 'directory')
      return refuse(`the host does not know the time zone ${name}: see ${ZONES}, of the package tzdata`, result)
    const target = `${ZONES}/${name}`
    const before = local?.target?.replace(/^.*\/zoneinfo\//, '') ?? null
    const link: readonly Step[] =
      before === name
        ? []
        : [
            {
              change: {
                subject: 'time zone',
                verb: local === null ? 'create' : 'update',
                attributes: [{ name: 'name', before, after: name }],
              },
              actions: [{ do: 'link', path: '/etc/localtime', target }],
              effects: [
                becomes(stat('/etc/localtime'), {
                  ...zone,
                  type: 'link',
                  mode: '0777',
                  target,
                  resolved: zone.type === 'link' ? (zone.resolved ?? target) : target,
                  inode: 0,
                }),
                stale(content('/etc/localtime')),
              ],
            },
          ]
    const text = file.file.before === null || latin1(file).trim() === name ? [] : textSteps(file, { text: `${name}\n` })
    return 'problem' in text ? refuse(text.problem, result) : propose([...link, ...text], result)
  },
})
