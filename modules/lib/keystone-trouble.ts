import type { HttpAnswer } from '../question.ts'
import type { KeystoneLogin } from './keystone-auth.ts'

/** What is wrong with Keystone's answer to a login and what came after it, and what to do; null where nothing is. `doing` says what was asked. */
export function keystoneTrouble(answer: HttpAnswer, login: KeystoneLogin, doing: string): string | null {
  const { origin, base, who, version } = login
  if (answer.kind !== 'answered')
    return `Keystone cannot be reached: ${answer.message}. Check auth_url, the service and, for https, ca_cert`
  const last = answer.responses.at(-1)
  if (last === undefined || last.status < 400) return null
  const said = messageIn(last.body)
  const because = said === null ? '' : `: ${said}`
  if (answer.responses.length === 1) {
    if (last.status === 401)
      return `Keystone does not let in ${who}: check name, password, domains and project${because}`
    if (last.status === 404)
      return version === 3
        ? `${origin}${base} is no Identity API v3: check auth_url${because}`
        : `${origin}${base} is no Identity API v2.0, which Keystone has not had since Queens: log in with v3, or check auth_url${because}`
  }
  switch (last.status) {
    case 401:
      return `cannot ${doing}: the token of ${who} is not taken: has it been revoked, or do clocks differ?${because}`
    case 403:
      return `cannot ${doing}: ${who} may not: give it the role admin in its project${because}`
    case 404:
      return `cannot ${doing}: it is not there (any more): run the playbook again${because}`
    case 409:
      return `cannot ${doing}: there is one like that already: someone made it at the same time, run the playbook again${because}`
    default:
      return last.status >= 500
        ? `cannot ${doing}: Keystone itself failed with status ${last.status}: see its log${because}`
        : `cannot ${doing}: Keystone refuses it with status ${last.status}${because}`
  }
}

function messageIn(body: string): string | null {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: string } }
    return error?.message ?? null
  } catch {
    return null
  }
}
