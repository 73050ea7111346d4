import type { Service } from '../facts/keystone-catalog.ts'
import type { HttpAnswer } from '../question.ts'
import type { Wanted } from './endpoint-plan.ts'

/** What a token says: https://docs.openstack.org/api-ref/identity/v3/, `POST /v3/auth/tokens`. */
interface Token {
  readonly project?: { readonly id: string }
  readonly user?: { readonly id: string }
  readonly catalog?: readonly {
    readonly id: string
    readonly endpoints: readonly { readonly interface: string; readonly url: string; readonly region_id?: string }[]
  }[]
}

/** What Keystone says that it made, in the answer to a step. */
export function endpointMade(stdout: Buffer): { readonly id: string; readonly interface: string } | null {
  const answer = JSON.parse(stdout.toString('utf8')) as HttpAnswer
  const body = answer.kind === 'answered' ? (answer.responses[1]?.body ?? '') : ''
  const made = JSON.parse(body === '' ? '{}' : body) as {
    readonly endpoint?: { readonly id: string; readonly interface: string }
  }
  return made.endpoint ?? null
}

/** The interfaces that the catalogue of the last answer's token does not show as they are wanted; `url` null: not at all. */
export function missingInCatalog(
  stdout: Buffer,
  { service, region }: { readonly service: Service; readonly region: string | undefined },
  wanted: readonly Wanted[],
): readonly string[] {
  const answer = JSON.parse(stdout.toString('utf8')) as HttpAnswer
  const body = answer.kind === 'answered' ? (answer.responses.at(-1)?.body ?? '') : ''
  const { token = {} } = JSON.parse(body === '' ? '{}' : body) as { readonly token?: Token }
  const shown = token.catalog?.find(({ id }) => id === service.id)?.endpoints ?? []
  return wanted
    .filter(({ interface: name, url }) => {
      const there = shown.filter((one) => one.interface === name && (region === undefined || one.region_id === region))
      if (url === null) return there.length > 0
      const whole = filled(url, token)
      return !there.some((one) => whole === null || one.url === whole)
    })
    .map((one) => one.interface)
}

/** The url with the token's project and user; null where something else is to be put in, which only Keystone knows. */
function filled(url: string, { project, user }: Token): string | null {
  const whole = url
    .replace(/[$%]\((?:tenant_id|project_id)\)s/g, project?.id ?? '')
    .replace(/[$%]\(user_id\)s/g, user?.id ?? '')
  return /[$%]\(/.test(whole) ? null : whole
}
