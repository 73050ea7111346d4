import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Problem } from '../language/source.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { globToRegExp, isGlob } from './glob.ts'
import type { Inventory } from './inventory.ts'
import { LOCALHOST } from './localhost.ts'
import { readPart, sliceOf, splitPattern, type PatternPart } from './patterns.ts'

export interface Selection {
  /** Names of hosts, in the inventory's order of the first part, then of the next. `localhost` may be among them without being in the inventory. */
  readonly hosts: readonly string[]
  /** Patterns that cannot be read: a bad regular expression, a missing limit file. */
  readonly problems: readonly Problem[]
  /** Parts that match nothing, which Ansible passes over too. */
  readonly warnings: readonly Problem[]
}

export interface SelectOptions {
  /** Only hosts that this pattern means as well; `@file` reads one pattern from each line of a file. */
  readonly limit?: string | undefined
  /** What a relative `@file` starts from. */
  readonly cwd?: string
}

/**
 * The hosts that a pattern means: names of groups and hosts, `all`, globs, `~regex`, `group[0]`, `group[1:3]`, joined by `:` or
 * `,`; `&part` keeps only what is in it too, `!part` takes out. A list is its entries joined.
 */
export function selectHosts(
  inventory: Inventory,
  pattern: string | readonly string[],
  { limit, cwd = '.' }: SelectOptions = {},
): Selection {
  const matcher = new Matcher(inventory)
  const chosen = matcher.select(typeof pattern === 'string' ? splitPattern(pattern) : pattern.flatMap(splitPattern))
  const limited = limit === undefined ? undefined : new Set(matcher.select(limitParts(limit, cwd, matcher.problems)))
  return {
    hosts: limited === undefined ? chosen : chosen.filter((host) => limited.has(host)),
    problems: matcher.problems,
    warnings: matcher.warnings,
  }
}

function limitParts(limit: string, cwd: string, problems: Problem[]): readonly string[] {
  return splitPattern(limit).flatMap((part) => {
    if (!part.startsWith('@')) return [part]
    try {
      return readFileSync(resolve(cwd, part.slice(1)), 'utf8')
        .split('\n')
        .flatMap((line) => splitPattern(line.trim()))
    } catch {
      problems.push({ message: `the file of --limit ${part} cannot be read` })
      return []
    }
  })
}

class Matcher {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  readonly #inventory: Inventory

  constructor(inventory: Inventory) {
    this.#inventory = inventory
  }

  /** Adds come first, then what narrows them, then what is taken out, whatever the order in which they are written. */
  select(written: readonly string[]): readonly string[] {
    const parts = written.map(readPart)
    const adds = parts.filter((part) => part.kind === 'add')
    let hosts = new Set(
      adds.length === 0 && parts.length > 0 ? this.#group('all') : adds.flatMap((part) => this.#hosts(part)),
    )
    for (const part of parts) {
      if (part.kind === 'add') continue
      const others = new Set(this.#hosts(part))
      hosts = new Set([...hosts].filter((host) => others.has(host) === (part.kind === 'and')))
    }
    return [...hosts]
  }

  #hosts(part: PatternPart): readonly string[] {
    const found = this.#named(part)
    if (found === undefined) return []
    if (found.length === 0 && !this.#isKnown(part.name)) this.#warn(part)
    return part.slice === undefined ? found : sliceOf(found, part.slice)
  }

  /** Undefined where the part cannot be read. */
  #named({ name }: PatternPart): readonly string[] | undefined {
    const { groups, hosts } = this.#inventory
    if (groups.has(name)) return this.#group(name)
    if (hosts.has(name)) return [name]
    if (LOCALHOST.has(name)) return [name]
    const expression = name.startsWith('~') ? this.#regExp(name.slice(1)) : globToRegExp(name)
    if (expression === undefined) return undefined
    const matches = [...groups.keys()].filter((group) => expression.test(group)).flatMap((group) => this.#group(group))
    if (name.startsWith('~') || isGlob(name)) matches.push(...[...hosts.keys()].filter((host) => expression.test(host)))
    return [...new Set(matches)]
  }

  /** Python's `re.match`: anchored at the start. */
  #regExp(source: string): RegExp | undefined {
    try {
      return new RegExp(`^(?:${source.replaceAll('(?P<', '(?<')})`)
    } catch (error) {
      this.problems.push({ message: `"~${source}" is not a regular expression: ${(error as Error).message}` })
      return undefined
    }
  }

  #group(name: string): readonly string[] {
    return this.#inventory.groups.get(name)?.hosts ?? []
  }

  #isKnown(name: string): boolean {
    return name === 'all' || name === '*' || this.#inventory.groups.has(name)
  }

  #warn({ name, written }: PatternPart): void {
    const known = [...this.#inventory.groups.keys(), ...this.#inventory.hosts.keys()]
    this.warnings.push({
      message: `no host or group matches "${written}"`,
      hint: isGlob(name) ? undefined : didYouMean(name, known),
    })
  }
}
