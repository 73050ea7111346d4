import type { JsonObject } from '../../schema/infer.ts'
import type { Auth, KeystoneLogin } from './keystone-auth.ts'

/** Where the token is in the answer to a login: v2.0 has no header for it. */
export const TOKEN_IN_BODY = ['access', 'token', 'id'] as const

/** What v2.0 knows nothing of, and why. */
const LATER: Readonly<Record<string, string>> = {
  application_credential_id: 'application credentials',
  application_credential_secret: 'application credentials',
  system_scope: 'a scope of the whole system',
}
const DOMAINS = [
  'domain_id',
  'domain_name',
  'user_domain_id',
  'user_domain_name',
  'project_domain_id',
  'project_domain_name',
]

/** How to log in with the Identity API v2.0 at `base`, `POST /v2.0/tokens`; a string says what is missing, or what v2.0 has no way for. */
export function authenticateV2(auth: Auth, base: string): Pick<KeystoneLogin, 'who' | 'authenticate'> | string {
  for (const [name, what] of Object.entries(LATER))
    if (auth[name] !== undefined)
      return `the Identity API v2.0 has no ${what}: take ${name} out of auth, or log in with v3`
  const domain = DOMAINS.find((name) => !/^default$/i.test(auth[name] ?? 'default'))
  if (domain !== undefined)
    return `the Identity API v2.0 knows no domain but Default: take ${domain} out of auth, or log in with v3`
  const found = credentialsOf(auth)
  if (typeof found === 'string') return found
  const { project_id: id = auth['tenant_id'], project_name: name = auth['tenant_name'] } = auth
  const tenant = id !== undefined ? { tenantId: id } : name !== undefined ? { tenantName: name } : {}
  const body = { auth: { ...found.credentials, ...tenant } }
  const authenticate = { method: 'POST', path: `${base}/tokens`, body, repeatable: true, hide: TOKEN_IN_BODY } as const
  return { who: found.who, authenticate }
}

function credentialsOf({
  token,
  username,
  user_id: userId,
  password,
}: Auth): { readonly who: string; readonly credentials: JsonObject } | string {
  if (token !== undefined) return { who: 'the token', credentials: { token: { id: token } } }
  if (password === undefined || (username === undefined && userId === undefined))
    return 'auth needs username and password, or a token'
  const user = userId === undefined ? { username: username ?? '' } : { userId }
  return { who: `the user ${username ?? userId}`, credentials: { passwordCredentials: { ...user, password } } }
}
