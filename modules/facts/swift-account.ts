import { askFact, type Fact } from '../fact.ts'
import { tokenRequest, type KeystoneLogin } from '../lib/keystone-auth.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import { TOKEN, type KeystoneWay } from './keystone-catalog.ts'

export type SwiftAccount =
  | { readonly kind: 'known'; readonly headers: { readonly [name: string]: string } }
  | { readonly kind: 'unknown'; readonly message: string }

/** What Swift says of the account at a url: https://docs.openstack.org/api-ref/object-store/, `HEAD /v1/{account}`. */
export function swiftAccount(login: KeystoneLogin, way: KeystoneWay, url: string): Fact<SwiftAccount> {
  const { origin, pathname } = new URL(url)
  const requests = [
    tokenRequest(login),
    { method: 'HEAD', path: pathname, headers: TOKEN, tell: ['x-account-*', 'x-timestamp', 'x-trans-id'] },
  ] as const
  return askFact('swift-account', url, { protocol: 'http', origin, ...way, requests }, (answer) => {
    if (answer.kind !== 'answered') {
      return {
        kind: 'unknown',
        message: `${answer.message}: is the endpoint in the catalogue right, and the proxy server up?`,
      }
    }
    const [, account] = answer.responses
    if (account === undefined)
      return { kind: 'unknown', message: keystoneTrouble(answer, login, 'log in') ?? `${login.origin} gave no token` }
    if (account.status < 300) return { kind: 'known', headers: account.headers ?? {} }
    return { kind: 'unknown', message: `${url}: ${advice(account.status, login.who)}` }
  })
}

function advice(status: number, who: string): string {
  switch (status) {
    case 401:
      return `the token of ${who} is not taken: check [filter:authtoken], and that authtoken is in the pipeline`
    case 403:
      return `${who} may not: its role is none of the operator_roles of [filter:keystoneauth]`
    case 404:
      return 'there is no such account: check the path of the endpoint, and account_autocreate'
    case 412:
      return 'Swift does not know what is asked: check the path of the endpoint'
    default:
      return status >= 500
        ? `the proxy server failed with status ${status}: see its log`
        : `the proxy server refuses with status ${status}`
  }
}
