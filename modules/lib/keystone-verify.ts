import type { JsonObject } from '../../schema/infer.ts'
import type { Service } from '../facts/keystone-catalog.ts'
import type { HttpAnswer } from '../question.ts'
import type { Wanted } from './endpoint-plan.ts'
import { tokenIn, type Token, type TokenService } from './keystone-token-body.ts'

/** What Keystone says that it made, in the answer to a step; v2.0 makes all interfaces at once, and names none. */
export function endpointMade(stdout: Buffer): { readonly id: string; readonly interface?: string } | null {
  const answer = JSON.parse(stdout.toString('utf8')) as HttpAnswer
  const body = answer.kind === 'answered' ? (answer.responses[1]?.body ?? '') : ''
  const made = JSON.parse(body === '' ? '{}' : body) as {
    readonly endpoint?: { readonly id: string; readonly interface?: string }
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
  const token = tokenIn(JSON.parse(body === '' ? '{}' : body) as JsonObject)
  const shown = token.catalog?.find((one) => isService(one, service))?.endpoints ?? []
  return wanted
    .filter(({ interface: name, url }) => {
      const there = shown.filter(
        (one) => one.interface === name && (region === undefined || (one.region_id ?? one.region) === region),
      )
      if (url === null) return there.length > 0
      const whole = filled(url, token)
      return !there.some((one) => whole === null || one.url === whole)
    })
    .map((one) => one.interface)
}

const isService = (shown: TokenService, { id, name, type }: Service): boolean =>
  shown.id === undefined ? shown.name === name && shown.type === type : shown.id === id

/** The url with the token's project and user; null where something else is to be put in, which only Keystone knows. */
function filled(url: string, { project, user }: Token): string | null {
  const whole = url
    .replace(/[$%]\((?:tenant_id|project_id)\)s/g, project?.id ?? '')
    .replace(/[$%]\(user_id\)s/g, user?.id ?? '')
  return /[$%]\(/.test(whole) ? null : whole
}
