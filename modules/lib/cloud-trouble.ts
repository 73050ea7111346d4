import type { HttpAnswer } from '../question.ts'
import type { CloudService } from './cloud-service.ts'
import { keystoneTrouble } from './keystone-trouble.ts'

/**
 * What is wrong with a service's answers to a login and `asked - 1` requests after it, and what to do; null where nothing is. `doing` says what
 * was asked.
 */
export function cloudTrouble(
  answer: HttpAnswer,
  { called, origin, base, login }: CloudService,
  doing: string,
  asked: number,
): string | null {
  if (answer.kind !== 'answered')
    return `cannot ${doing}: ${answer.message}: is the endpoint in the catalogue right, and ${called} up?`
  const { responses } = answer
  const last = responses.at(-1)
  if (responses.length < 2) return keystoneTrouble(answer, login, doing) ?? `${login.origin} gave no token`
  if (last === undefined || last.status < 400)
    return responses.length < asked
      ? `cannot ${doing}: what it belongs to is not there any more, or there is more than one of that name: run the playbook again`
      : null
  const said = saidIn(last.body)
  const because = said === null ? '' : `: ${said}`
  switch (last.status) {
    case 401:
      return `cannot ${doing}: ${called} does not take the token of ${login.who}: see [keystone_authtoken] in its configuration${because}`
    case 403:
      return `cannot ${doing}: ${login.who} may not: see the roles that ${called} asks for${because}`
    case 404:
      return said === null
        ? `cannot ${doing}: ${origin}${base} is not ${called}: check the endpoint in the catalogue`
        : `cannot ${doing}${because}`
    default:
      return last.status >= 500
        ? `cannot ${doing}: ${called} itself failed with status ${last.status}: see its log${because}`
        : `cannot ${doing}: ${called} refuses it with status ${last.status}${because}`
  }
}

/** What an error says for people: Octavia's and Neutron's, and that of what checks tokens in front of them. */
function saidIn(body: string): string | null {
  try {
    const error = JSON.parse(body) as {
      readonly faultstring?: string
      readonly NeutronError?: { readonly message?: string }
      readonly error?: { readonly message?: string }
    }
    return error.faultstring ?? error.NeutronError?.message ?? error.error?.message ?? null
  } catch {
    return null
  }
}
