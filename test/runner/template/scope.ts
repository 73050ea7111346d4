import type { Scope } from '../../../runner/template/template.ts'

/** A scope with these variables. */
export function scopeOf(variables: { readonly [name: string]: unknown }, searchPath?: readonly string[]): Scope {
  const scope: Scope = {
    get: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    names: () => Object.keys(variables),
  }
  return searchPath ? { ...scope, searchPath } : scope
}
