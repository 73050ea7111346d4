import { TOKEN } from '../facts/keystone-catalog.ts'
import type { HttpAnswer, HttpRequest } from '../question.ts'
import type { Change, Effect, Step } from '../step.ts'
import type { CloudService } from './cloud-service.ts'
import { cloudTrouble } from './cloud-trouble.ts'
import { tokenRequest } from './keystone-auth.ts'

/** A request of a service's API, `path` being below its base. The login is number 0. */
export type CloudRequest = Omit<HttpRequest, 'headers' | 'origin'>

/** The step that logs in and asks a service for what makes the change; `problem` judges answers that are no errors of the API. */
export function cloudStep(
  change: Change,
  service: CloudService,
  asked: readonly CloudRequest[],
  effects: readonly Effect[],
  { title = `${change.verb} the ${change.subject}`, problem = (): string | null => null }: CloudStepOptions = {},
): Step {
  const { origin, base, way } = service
  const requests = [
    tokenRequest(service.login),
    ...asked.map((request): HttpRequest => ({ ...request, path: `${base}${request.path}`, headers: TOKEN })),
  ]
  return {
    change,
    actions: [
      {
        do: 'request',
        title,
        request: { protocol: 'http', origin, ...way, requests },
        problem: (answer: HttpAnswer) =>
          cloudTrouble(answer, service, title, requests.length) ??
          (answer.kind === 'answered' ? problem(answer.responses.map(({ body }) => body)) : null),
      },
    ],
    effects,
  }
}
interface CloudStepOptions {
  /** What is done, for error messages. */
  readonly title?: string
  /** What is wrong with the bodies of the answers, the login's being the first. */
  readonly problem?: (bodies: readonly string[]) => string | null
}
