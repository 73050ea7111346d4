import type { CatalogPlace, KeystoneCatalog, KeystoneWay } from '../facts/keystone-catalog.ts'
import type { Fact } from '../fact.ts'
import type { HttpAnswer, HttpRequest } from '../question.ts'
import type { Change, Effect, Step } from '../step.ts'
import { tokenRequest, type KeystoneLogin } from './keystone-auth.ts'
import { keystoneTrouble } from './keystone-trouble.ts'

/** How Keystone is asked. */
export interface KeystoneAccess {
  readonly login: KeystoneLogin
  readonly way: KeystoneWay
}
/** What the steps about its catalogue are carried out with. */
export interface Keystone extends KeystoneAccess {
  readonly fact: Fact<KeystoneCatalog>
  readonly place: CatalogPlace
}

/** The step that logs in to Keystone and asks it for what makes the change. */
export function keystoneStep(
  change: Change,
  { login, way }: KeystoneAccess,
  asked: readonly HttpRequest[],
  effects: readonly Effect[],
): Step {
  const title = `${change.verb} the ${change.subject}`
  const requests = [tokenRequest(login), ...asked]
  return {
    change,
    actions: [
      {
        do: 'request',
        title,
        request: { protocol: 'http', origin: login.origin, ...way, requests },
        problem: (answer: HttpAnswer) => keystoneTrouble(answer, login, title),
      },
    ],
    effects,
  }
}
