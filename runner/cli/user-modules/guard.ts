import { UnreadableFact } from '../../../modules/fact.ts'
import { type Module, type Plan, refuse } from '../../../modules/module.ts'

/** A user's module, whose slips fail the task and say where they are, instead of ending drover. `url` is its file's. */
export function guarded(module: Module, url: string, shown: string): Module {
  const said = (error: unknown, part: string): string | undefined => slip(error, url, `${shown}: "${part}" failed`)
  return {
    ...module,
    observe: async (host, args, controller) => {
      try {
        return await module.observe(host, args, controller)
      } catch (error) {
        const message = said(error, 'observe')
        throw message === undefined ? error : new UnreadableFact(message, { cause: error })
      }
    },
    plan: (args, state) => {
      try {
        const plan: unknown = module.plan(args, state)
        const fault = planFault(plan)
        return fault === undefined ? (plan as Plan) : refuse(`${shown}: ${fault}`)
      } catch (error) {
        const message = said(error, 'plan')
        if (message === undefined) throw error
        return refuse(message)
      }
    },
    ...(module.result === undefined
      ? {}
      : {
          result: (args, state, performed) => {
            try {
              return module.result?.(args, state, performed) ?? {}
            } catch (error) {
              const message = said(error, 'result')
              if (message === undefined) throw error
              return { failed: true, msg: message }
            }
          },
        }),
  }
}

const builtIn: ReadonlySet<unknown> = new Set([
  Error,
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
  EvalError,
  URIError,
])

/** What to say of an error that came from a user's code, with its line; undefined where it is the engine's own, which knows what to do. */
function slip(error: unknown, url: string, before: string): string | undefined {
  if (!(error instanceof Error)) return `${before}: ${String(error)}`
  if (!builtIn.has(error.constructor)) return undefined
  const line = lineIn(error, url)
  return line === undefined ? undefined : `${before} in line ${line}: ${error.message}`
}

/** The line of a file that an error came from, or passed through; undefined where it did not. */
export function lineIn(error: Error, url: string): number | undefined {
  const stack = error.stack ?? ''
  const at = stack.indexOf(`${url}:`)
  const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + url.length + 1))?.[0]
  return line === undefined ? undefined : Number(line)
}

/** The verbs of step.ts. */
const verbs: ReadonlySet<unknown> = new Set('write attributes directory link remove run sh await request'.split(' '))

/** Why what `plan` gave is no plan. */
function planFault(plan: unknown): string | undefined {
  const { kind, steps } = Object(plan) as { readonly kind?: unknown; readonly steps?: unknown }
  if (kind === 'refusal') return undefined
  if (kind !== 'proposal' || !Array.isArray(steps)) return '"plan" must return propose([…]) or refuse(…)'
  for (const [index, step] of (steps as readonly unknown[]).entries()) {
    const { change, actions, effects } = Object(step) as Readonly<Record<string, unknown>>
    const at = `step ${index + 1} of the plan`
    if (typeof (Object(change) as { readonly subject?: unknown }).subject !== 'string')
      return `${at} needs a "change" with a "subject" and a "verb"`
    if (!Array.isArray(actions) || !Array.isArray(effects)) return `${at} needs lists of "actions" and "effects"`
    for (const action of actions as readonly unknown[]) {
      const verb = (Object(action) as { readonly do?: unknown }).do
      if (!verbs.has(verb))
        return `${at}: an action must "do" one of ${[...verbs].join(', ')}, not ${JSON.stringify(verb)}`
    }
  }
  return undefined
}
