import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { JsonObject } from '../../schema/infer.ts'
import type { MapNode, YamlNode } from './node.ts'
import { located, mapNode } from './node.ts'
import type { Reading } from './reading.ts'
import { keepValues } from './secrets.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import type { Located } from './tree.ts'
import { readVariables } from './variables-file.ts'

/** Where a role's directory is, and what the role is then called. */
export interface FoundRole {
  readonly name: string
  readonly path: string
}

/** What a file in a role may be called, before its extension is known; a directory stands for the files in it. */
const extensions = ['', '.yml', '.yaml', '.json']

/**
 * Looks for a role: in `roles` beside the playbook, in the configured directories, beside the role that names it, beside the playbook;
 * a path as it is. Else the places that were looked in.
 */
export function findRole(
  name: string,
  { reading, directory, roles }: Surroundings,
): FoundRole | { readonly places: readonly string[]; readonly names: readonly string[] } {
  const beside = roles.at(-1)
  const places = isAbsolute(name)
    ? [dirname(name)]
    : [
        resolve(directory, 'roles'),
        ...(reading.options.rolesPath ?? []),
        ...(beside === undefined ? [] : [dirname(beside.path)]),
        directory,
      ]
  const path = places.map((place) => resolve(place, name)).find((candidate) => isRole(candidate, reading))
  return path === undefined
    ? {
        places: [...new Set(places)].map((place) =>
          place === directory ? 'the directory of the playbook' : reading.nameOf(place),
        ),
        names: places.filter((place) => place !== directory).flatMap((place) => directoriesIn(place, reading)),
      }
    : { name: basename(path), path }
}

/** For the name that was most likely meant. */
function directoriesIn(place: string, reading: Reading): readonly string[] {
  return isDirectory(place, reading)
    ? readdirSync(place, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []))
    : []
}

/** A directory; where files are not on a disk, one that has a file of a role. */
function isRole(path: string, reading: Reading): boolean {
  if (reading.options.read === undefined) return isDirectory(path, reading)
  return ['tasks', 'handlers', 'defaults', 'vars', 'meta'].some(
    (part) => partOf(path, part, 'main', reading) !== undefined,
  )
}

/** The file of one part of a role, `tasks/main.yml`; undefined where the role has none. `name` may have its extension. */
export function partOf(role: string, part: string, name: string, reading: Reading): string | undefined {
  return extensions
    .map((extension) => join(role, part, `${name}${extension}`))
    .find((path) => reading.exists(path) && (variableParts.has(part) || !isDirectory(path, reading)))
}
/** Parts that may be a directory of files: `defaults/main/`. */
const variableParts: ReadonlySet<string> = new Set(['defaults', 'vars'])

function isDirectory(path: string, reading: Reading): boolean {
  return reading.options.read === undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** The variables of a part of a role, `defaults/main.yml` or all files in `defaults/main/`; undefined where it has none. */
export function roleVariables(path: string, reading: Reading, at: Position): Located<JsonObject> | undefined {
  const nodes = filesIn(path, reading).flatMap((file) => readVariables(file, reading, at) ?? [])
  const [first] = nodes
  if (first === undefined) return undefined
  const { vault } = reading.options
  for (const node of nodes) if (node.source.sealed === true && vault !== undefined) keepValues(node.value, vault)
  return located(nodes.length === 1 ? first : merged(first, nodes)) as Located<JsonObject>
}

/** Of several files' variables, later ones override earlier ones. */
function merged(first: MapNode, nodes: readonly MapNode[]): MapNode {
  const entries = new Map(nodes.flatMap((node) => node.entries.map((entry) => [entry.name, entry] as const)))
  return mapNode(first.source, [...entries.values()], first.start, first.end)
}

function filesIn(path: string, reading: Reading): readonly string[] {
  if (!isDirectory(path, reading)) return [path]
  return readdirSync(path)
    .toSorted()
    .filter((name) => !/^\.|~$/.test(name))
    .flatMap((name) => filesIn(join(path, name), reading))
    .filter((file) => /\.(?:ya?ml|json)$|(?:^|\/)[^.]+$/.test(file))
}

/** What a part of a role that is not variables holds; undefined where there is none. */
export function rolePart(role: FoundRole, part: string, name: string, reading: Reading): YamlNode | undefined {
  const path = partOf(role.path, part, name, reading)
  return path === undefined ? undefined : reading.file(path, undefined)
}
