import { nearest } from './access.ts'
import { filters } from './filters/all.ts'
import { lookups } from './lookups/call.ts'
import type { Routine } from './routine.ts'
import { TemplateError } from './template.ts'
import { tests } from './tests/all.ts'

/** The name without the collection that it is written with: `ansible.builtin.combine`, `community.general.json_query`. */
export function shortName(name: string): string {
  return name.replace(
    /^(?:ansible\.(?:builtin|legacy|utils|netcommon|posix|windows)|community\.(?:general|crypto|windows))\./,
    '',
  )
}

/** A filter or test by the name that was written. Throws a syntax error that names the nearest one where there is none. */
export const findFilter = finder('filter', filters)
export const findTest = finder('test', tests)

/** Whether `lookup(name)` works, and so `with_name`. */
export const isLookup = (name: string): boolean => lookups.has(name.replace(/^ansible\.(?:builtin|legacy)\./, ''))

/** Throws as `findFilter` does where there is no such lookup. */
export function checkLookup(name: string, offset?: number): void {
  if (isLookup(name)) return
  const hint = nearest(shortName(name), lookups.keys())
  throw new TemplateError('syntax', `there is no lookup named "${name}"`, { offset, hint })
}

function finder(what: string, all: ReadonlyMap<string, Routine>): (name: string, offset?: number) => Routine {
  return (name, offset) => {
    const found = all.get(name) ?? all.get(shortName(name))
    if (found) return found
    const hint = nearest(shortName(name), all.keys())
    throw new TemplateError('syntax', `there is no ${what} named "${name}"`, { offset, hint })
  }
}
