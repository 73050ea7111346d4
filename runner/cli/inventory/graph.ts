import { str } from '../../template/values/python-text.ts'
import type { Shown } from './show.ts'
import { groupVariables, hostVariables, unwrapped, type Written } from './values.ts'

/** A group, what is in it, and where it is asked for, variables; encrypted ones are hidden. */
export function drawGraph({ loaded, extra, hosts }: Shown, top: string, withVars: boolean): string {
  const { groups, hosts: all } = loaded.inventory
  const lines: string[] = []
  const line = (depth: number, text: string): void => {
    lines.push(depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`)
  }
  const variables = (vars: Written, depth: number): void => {
    if (!withVars) return
    for (const [name, value] of Object.entries(vars)) {
      const shown = unwrapped(
        value,
        () => '********',
        (text) => text,
      )
      line(depth, `{${name} = ${str(shown)}}`)
    }
  }
  const group = (name: string, depth: number): void => {
    line(depth, `@${name}:`)
    const found = groups.get(name)
    for (const child of found?.children ?? []) group(child, depth + 1)
    for (const host of name === 'all' ? [] : (found?.ownHosts ?? [])) {
      const known = all.get(host)
      if (known === undefined || !hosts.has(host)) continue
      line(depth + 1, host)
      variables(hostVariables(known, loaded, extra), depth + 2)
    }
    variables(groupVariables(name, loaded), depth + 1)
  }
  group(top, 0)
  return `${lines.join('\n')}\n`
}
