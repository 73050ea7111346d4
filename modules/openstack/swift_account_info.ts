import { swiftAccount, type SwiftAccount } from '../facts/swift-account.ts'
import { cloudOf, cloudProperties, urlIn } from '../lib/cloud-service.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'swift_account_info',
  summary: 'Ask object storage about an account, where the catalogue says that it is.',
  description:
    'What `swift stat` does: logs in to Keystone, looks the service up in the catalogue that comes with the token, and asks there. Fails where any of it does not work.',
  args: {
    type: 'object',
    properties: {
      ...cloudProperties,
      service: {
        type: 'string',
        default: 'object-store',
        description: 'The service, by its type or name.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    url: 'Where the account is, by the catalogue.',
    account: 'Its name: `AUTH_` and the id of the project.',
    containers: 'How many containers it has.',
    objects: 'How many objects.',
    bytes: 'How many bytes.',
    headers: 'All that Swift says of it, by the names of headers.',
  },
  examples: [
    {
      title: 'Does object storage work?',
      task: 'swift_account_info: { cloud: admin, region: RegionOne }\nregister: account',
      needs: 'Keystone and Swift',
    },
    {
      title: 'The same by the internal interface, as a user',
      task: 'swift_account_info: { openrc: /root/demo-openrc, interface: internal }',
      needs: 'Keystone and Swift',
    },
  ],
  async observe(host, args): Promise<{ readonly url: string; readonly account: SwiftAccount } | string> {
    const cloud = await cloudOf(host, args)
    if (typeof cloud === 'string') return cloud
    const found = urlIn(cloud, args.service)
    return 'problem' in found
      ? found.problem
      : { ...found, account: await host.get(swiftAccount(cloud.login, cloud.way, found.url)) }
  },
  plan(_args, state) {
    if (typeof state === 'string') return refuse(state)
    const { url, account } = state
    if (account.kind === 'unknown') return refuse(account.message, { url })
    const { headers } = account
    const count = (name: string): number => Number(headers[`x-account-${name}`] ?? 0)
    return propose([], {
      url,
      account: new URL(url).pathname.split('/').at(-1) ?? '',
      containers: count('container-count'),
      objects: count('object-count'),
      bytes: count('bytes-used'),
      headers: { ...headers },
    })
  },
})
