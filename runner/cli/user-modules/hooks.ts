import { readFileSync } from 'node:fs'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where drover's own code is. */
export interface HookData {
  /** The URL that `drover` stands for. */
  readonly api: string
  /** What begins the URLs of drover's own files: they are loaded as without these hooks. */
  readonly own: readonly string[]
}

let data: HookData = { api: '', own: [] }

/** Hooks for `register` of node:module, which runs them in a thread of their own. */
export const initialize: InitializeHook<HookData> = (given) => {
  data = given
}

/** `drover` is the drover that runs, wherever the file that imports it is, so that both have the same classes. */
export const resolve: ResolveHook = (specifier, context, next) =>
  next(specifier === 'drover' ? data.api : specifier, context)

/** TypeScript without its types, lines where they were; JavaScript that exports is a module whatever package.json is above it. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || url.includes('/node_modules/') || data.own.some((start) => url.startsWith(start)))
    return next(url, context)
  if (/\.m?ts$/.test(url)) {
    const { stripTypes } = await import('./strip-types.ts')
    return { format: 'module', source: stripTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true }
  }
  if (url.endsWith('.js') && /^export\b/m.test(readFileSync(fileURLToPath(url), 'utf8')))
    return next(url, { ...context, format: 'module' })
  return next(url, context)
}
