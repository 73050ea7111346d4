import { readYaml, readYamlDocuments } from '../values/read-yaml.ts'
import { routine, textOf, type Context, type Routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { fromJson, toJson } from '../values/json.ts'
import { toYaml } from '../values/yaml.ts'
import { index } from '../values/sequence.ts'

type Options = ReadonlyMap<string, unknown>

/** `json.dumps` with the defaults of a filter; the arguments of the call override them. */
const json = (indent: number | null, sortKeys: boolean): Routine =>
  routine('**options', (_: Context, value: unknown, options: Options) => {
    const asked = options.get('indent')
    const separators = options.get('separators')
    const [item, key] = Array.isArray(separators) ? (separators as unknown[]).map(String) : []
    return toJson(value, {
      indent: asked === undefined ? indent : asked === null ? null : index(asked),
      sortKeys: options.has('sort_keys') ? truthy(options.get('sort_keys')) : sortKeys,
      ensureAscii: options.has('ensure_ascii') ? truthy(options.get('ensure_ascii')) : true,
      ...(item !== undefined && key !== undefined ? { itemSeparator: item, keySeparator: key } : {}),
    })
  })

const yaml = (indent: number, flowLeaves: boolean): Routine =>
  routine('**options', (_: Context, value: unknown, options: Options) =>
    toYaml(value, {
      indent: options.has('indent') ? index(options.get('indent')) : indent,
      flowLeaves: options.has('default_flow_style') ? options.get('default_flow_style') === null : flowLeaves,
      sortKeys: options.has('sort_keys') ? truthy(options.get('sort_keys')) : true,
      width: options.has('width') ? index(options.get('width')) : 80,
    }),
  )

export const dataFilters: Routines = new Map([
  ['to_json', json(null, false)],
  ['to_nice_json', json(4, true)],
  [
    'tojson',
    routine('indent?', (_, value: unknown, indent: unknown = null) =>
      toJson(value, { indent: indent === null ? null : index(indent), sortKeys: true, ensureAscii: true }).replace(
        /[<>&']/g,
        (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
      ),
    ),
  ],
  ['from_json', routine('**options', (_, value: unknown) => fromJson(textOf(value, 'JSON')))],
  ['to_yaml', yaml(2, true)],
  ['to_nice_yaml', yaml(4, false)],
  ['from_yaml', routine('', (_, value: unknown) => (typeof value === 'string' ? readYaml(value) : value))],
  ['from_yaml_all', routine('', (_, value: unknown) => (typeof value === 'string' ? readYamlDocuments(value) : value))],
])
