import { askFact, type Fact } from '../fact.ts'
import { tokenRequest, type KeystoneLogin } from '../lib/keystone-auth.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import { TOKEN, type KeystoneWay } from './keystone-catalog.ts'

export interface Ec2Credential {
  readonly access: string
  readonly secret: string
  readonly project: string
}
export type Ec2Credentials =
  | { readonly kind: 'known'; readonly credentials: readonly Ec2Credential[] }
  | { readonly kind: 'unknown'; readonly message: string }

/** Where a user's credentials are: https://docs.openstack.org/api-ref/identity/v3-ext/, OS-EC2, which v2.0 has at the same place. */
export const ec2Path = (login: KeystoneLogin, user: string): string =>
  `${login.base}/users/${encodeURIComponent(user)}/credentials/OS-EC2`

/** The access keys of a user, in all projects. */
export function ec2Credentials(login: KeystoneLogin, way: KeystoneWay, user: string): Fact<Ec2Credentials> {
  const list = { method: 'GET', path: ec2Path(login, user), headers: TOKEN } as const
  const requests = [tokenRequest(login), list]
  const question = { protocol: 'http', origin: login.origin, ...way, requests } as const
  return askFact('ec2-credentials', user, question, (answer) => {
    const trouble = keystoneTrouble(answer, login, 'read the EC2 credentials')
    if (trouble !== null) return { kind: 'unknown', message: trouble }
    const body = answer.kind === 'answered' ? (answer.responses[1]?.body ?? '{}') : '{}'
    const { credentials = [] } = JSON.parse(body) as { readonly credentials?: readonly Raw[] }
    return { kind: 'known', credentials: credentials.map(credentialOf) }
  })
}

interface Raw {
  readonly access: string
  readonly secret: string
  readonly tenant_id: string
}
const credentialOf = ({ access, secret, tenant_id: project }: Raw): Ec2Credential => ({ access, secret, project })

/** What Keystone says that it made. */
export function ec2CredentialMade(stdout: Buffer): Ec2Credential | null {
  const answer = JSON.parse(stdout.toString('utf8')) as {
    readonly responses?: readonly { readonly body: string }[]
  }
  const body = answer.responses?.[1]?.body ?? ''
  const { credential } = JSON.parse(body === '' ? '{}' : body) as { readonly credential?: Raw }
  return credential === undefined ? null : credentialOf(credential)
}
