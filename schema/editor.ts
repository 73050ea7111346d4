import { blockKeywords } from './block.ts'
import type { ArgsSchema } from './infer.ts'
import { inventorySchema } from './inventory.ts'
import type { JsonSchema } from './json-schema.ts'
import { toEditorSchema } from './json-schema.ts'
import { importPlaybookKeywords, playKeywords } from './play.ts'
import type { Keywords } from './shapes.ts'
import { editorShape } from './shapes.ts'
import { handlerKeywords, loopControlKeywords, taskKeywords, withLookups } from './task.ts'

/** What an editor needs to know of a module or a statement. */
export interface Documented {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly args: ArgsSchema
}

/** The schemas for editors by file name: for playbooks, for files of tasks, and for YAML inventories. */
export function editorSchemas(modules: readonly Documented[]): { readonly [file: string]: JsonSchema } {
  const draft = 'http://json-schema.org/draft-07/schema#'
  const definitions = playbookDefinitions(modules)
  return {
    'playbook.schema.json': {
      $schema: draft,
      title: 'A playbook',
      type: 'array',
      items: choose('import_playbook', keywords(importPlaybookKeywords, ['import_playbook']), {
        $ref: '#/definitions/play',
      }),
      definitions: { ...definitions, play: keywords(playKeywords, ['hosts']) },
    },
    'tasks.schema.json': {
      $schema: draft,
      title: 'A file of tasks',
      type: 'array',
      items: { $ref: '#/definitions/task' },
      definitions,
    },
    'inventory.schema.json': { $schema: draft, title: 'An inventory', ...inventorySchema },
  }
}

/** A schema as the text of its file. */
export function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

function playbookDefinitions(modules: readonly Documented[]): { readonly [name: string]: JsonSchema } {
  return {
    template: { type: 'string', pattern: String.raw`\{[{%]` },
    task: node(taskKeywords, modules),
    handler: node(handlerKeywords, modules),
    block: keywords(blockKeywords, ['block']),
    loop_control: keywords(loopControlKeywords, []),
    ...Object.fromEntries(modules.map((module) => [`module_${module.name}`, moduleArguments(module)])),
  }
}

function keywords(table: Keywords, required: readonly string[]): JsonSchema {
  const known = Object.entries(table).filter(([, keyword]) => keyword.support !== 'later')
  const properties = Object.fromEntries(known.map(([name, keyword]) => [name, editorShape(keyword)]))
  return { type: 'object', properties, additionalProperties: false, ...(required.length === 0 ? {} : { required }) }
}

/** Collections of which a module that exists here may be written with its full name. */
export const collections: readonly string[] = [
  'amazon.aws',
  'ansible.builtin',
  'ansible.legacy',
  'ansible.netcommon',
  'ansible.posix',
  'ansible.utils',
  'community.aws',
  'community.crypto',
  'community.docker',
  'community.general',
  'community.mysql',
  'community.postgresql',
  'containers.podman',
  'openstack.cloud',
]

/** One schema where the mapping has a key, another where not: unlike `oneOf`, it keeps an editor's messages to the point. */
function choose(key: string, yes: JsonSchema, no: JsonSchema): JsonSchema {
  return Object.fromEntries([
    ['if', { required: [key] }],
    // oxlint-disable-next-line unicorn/no-thenable
    ['then', yes],
    ['else', no],
  ])
}

/** A task or a block. A task has exactly one module; where its name is fully qualified, that is left to drover itself. */
function node(table: Keywords, modules: readonly Documented[]): JsonSchema {
  const names = modules.flatMap(namesOf)
  const fixed = keywords({ ...table, ...withKeywords() }, []) as { readonly properties: JsonSchema }
  const own = Object.fromEntries(
    modules.flatMap((module) => namesOf(module).map((name) => [name, { $ref: `#/definitions/module_${module.name}` }])),
  )
  const qualified = `^(${collections.map(escaped).join('|')})\\.(${names.map(escaped).join('|')})$`
  const one = [...names, 'action', 'local_action'].map((name) => ({ required: [name] }))
  return choose(
    'block',
    { $ref: '#/definitions/block' },
    {
      type: 'object',
      properties: { ...fixed.properties, ...own },
      patternProperties: { [qualified]: {} },
      additionalProperties: false,
      anyOf: [{ oneOf: one }, { not: { propertyNames: { not: { pattern: qualified } } } }],
    },
  )
}

const escaped = (name: string) => name.replaceAll('.', String.raw`\.`)

function withKeywords(): Keywords {
  return Object.fromEntries(Object.entries(withLookups).map(([name, keyword]) => [`with_${name}`, keyword]))
}

const namesOf = (module: Documented) => [module.name, ...(module.aliases ?? [])]

/** Arguments as a mapping, as `key=value` text or, where there is a free form, as that; nothing where none are needed. */
function moduleArguments({ summary, args }: Documented): JsonSchema {
  const mapping = toEditorSchema({ ...args, description: '' })
  return { description: summary, anyOf: [mapping, { type: 'string' }, ...(needed(args) ? [] : [{ type: 'null' }])] }
}

const needed = (args: ArgsSchema) => (args.required ?? []).length > 0 || (args.requiredOneOf ?? []).length > 0
