import { tokenCatalog, type TokenCatalog } from '../facts/keystone-token.ts'
import { swiftAccount, type SwiftAccount } from '../facts/swift-account.ts'
import { keystoneOf, keystoneProperties } from '../lib/keystone-args.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'swift_account_info',
  summary: 'Ask object storage about an account, where the catalogue says that it is.',
  description:
    'What `swift stat` does: logs in to Keystone, looks the service up in the catalogue that comes with the token, and asks there. Fails where any of it does not work.',
  args: {
    type: 'object',
    properties: {
      ...keystoneProperties,
      service: {
        type: 'string',
        default: 'object-store',
        description: 'The service, by its type or name.',
        since: '0.1.0',
      },
      interface: {
        type: 'string',
        enum: ['public', 'internal', 'admin'],
        default: 'public',
        description: 'The interface.',
        since: '0.1.0',
      },
      region: {
        type: 'string',
        aliases: ['region_name'],
        description: 'The region; that of the login where unset, and then any.',
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
    const keystone = await keystoneOf(host, args)
    if (typeof keystone === 'string') return keystone
    const { login, way } = keystone
    const token = await host.get(tokenCatalog(login, way))
    const found = urlIn(token, { ...args, region: args.region ?? login.region })
    return 'problem' in found
      ? found.problem
      : { ...found, account: await host.get(swiftAccount(login, way, found.url)) }
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

function urlIn(
  token: TokenCatalog,
  asked: { readonly service: string; readonly interface: string; readonly region: string | undefined },
): { readonly url: string } | { readonly problem: string } {
  if (token.kind === 'unknown') return { problem: token.message }
  const { service: called, interface: name, region } = asked
  const services = token.services.filter((one) => one.type === called || one.name === called)
  if (services.length === 0) {
    const known = token.services.map((one) => `${one.name} (${one.type})`).join(', ')
    return { problem: `the catalogue has no service ${called}: it has ${known === '' ? 'none' : known}` }
  }
  const urls = services
    .flatMap(({ endpoints }) => endpoints)
    .filter((one) => one.interface === name && (region === undefined || one.region === region))
    .map(({ url }) => url)
  const [url] = urls
  const where = region === undefined ? '' : ` in ${region}`
  if (url === undefined) return { problem: `the catalogue has no ${name} endpoint of ${called}${where}` }
  return URL.canParse(url) ? { url } : { problem: `the ${name} endpoint of ${called}${where} is no url: ${url}` }
}
