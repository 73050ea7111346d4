import { roleKeywords } from '../../schema/role.ts'
import { kindOf } from '../../schema/validate.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { checkKeyword, checkVariableNames, KeywordValues } from './keywords.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { located, mapNode, place } from './node.ts'
import type { RoleRequest } from './role.ts'
import type { Surroundings } from './surroundings.ts'
import { checkTemplates, hasTemplate } from './templates.ts'
import type { Block, Located, Node } from './tree.ts'

type Read = (request: RoleRequest, around: Surroundings) => Block | undefined

/** Reads a list of roles, a play's or a role's dependencies, each by `read` into a block. */
export function readRoles(list: YamlNode | undefined, around: Surroundings, read: Read): readonly Node[] {
  if (list?.kind !== 'list') return none
  return Object.freeze(list.items.flatMap((item) => readUse(item, around, read) ?? []))
}
const none: readonly Node[] = Object.freeze([])

function readUse(item: YamlNode, around: Surroundings, read: Read): Node | undefined {
  const { reading } = around
  if (item.kind === 'scalar' && typeof item.value === 'string')
    return hasTemplate(item.value)
      ? templated(item, around)
      : read({ name: item.value, at: place(item), isPublic: true }, around)
  if (item.kind !== 'map') {
    reading.add(`a role is expected here, not ${kindOf(item.value)}`, place(item), 'write "- NAME" or "- role: NAME"')
    return undefined
  }
  return readMapping(item, around, read)
}

function readMapping(item: MapNode, around: Surroundings, read: Read): Node | undefined {
  const { reading } = around
  const values = new KeywordValues(item)
  const params: Entry[] = []
  for (const entry of item.entries) {
    if (checkKeyword(entry, roleKeywords, reading)) values.use(entry)
    else if (!Object.hasOwn(roleKeywords, entry.name)) params.push(entry)
  }
  const named = values.nodeOf('role') ?? values.nodeOf('name')
  if (typeof named?.value !== 'string') {
    reading.add('this names no role', place(item), 'add "role: NAME"')
    return undefined
  }
  if (hasTemplate(named.value)) return templated(named, around)
  checkVariableNames(values.nodeOf('vars'), reading)
  const parameters = mapNode(item.source, params, item.start, item.end)
  checkVariableNames(parameters, reading)
  checkTemplates(parameters, reading)
  return read(
    {
      name: named.value,
      at: place(named),
      values,
      when: values.condition('when'),
      useVars: values.mapping('vars'),
      params: params.length === 0 ? undefined : (located(parameters) as Located<JsonObject>),
      isPublic: true,
    },
    around,
  )
}

function templated(node: YamlNode, { reading }: Surroundings): undefined {
  reading.add(
    'the name of a role must be known before the run, so it can hold no template',
    place(node),
    'use include_role in tasks',
  )
}
