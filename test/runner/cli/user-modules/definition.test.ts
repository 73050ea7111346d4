import { describe, expect, it } from 'vitest'
import { modules } from '../../../../modules/index.ts'
import { definitionFaults } from '../../../../runner/cli/user-modules/definition.ts'

const definition = {
  name: 'greeting',
  summary: 'Greet.',
  args: { type: 'object', properties: { path: { type: 'string', default: '/x' } } },
  examples: [],
  observe: () => Promise.resolve({}),
  plan: () => ({}),
}
const path = (schema: object): object => ({ args: { type: 'object', properties: { path: schema } } })
const types = '"string", "integer", "number", "boolean", "array", "object", "any"'

describe('definitionFaults', () => {
  it('finds none in a module', () => expect(definitionFaults(definition)).toEqual([]))

  it.each(modules.map((module) => [module.name, module] as const))('finds none in %s', (_, module) => {
    expect(definitionFaults(module)).toEqual([])
  })

  it.each<[string, object, readonly string[]]>([
    ['no plan', { plan: undefined }, ['"plan" must be a function: (args, state) => propose([…])']],
    ['a name with a dash', { name: 'my-module' }, [String.raw`"name" must match ^[a-z_]\w*$`]],
    ['a key that is unknown', { sumary: 'x' }, ['"sumary" is unknown; did you mean "summary"?']],
    ['an example without a task', { examples: [{ title: 'x' }] }, ['"examples.0" lacks "task"']],
    ['no arguments', { args: { type: 'object' } }, ['"args" lacks "properties"']],
    [
      'an unknown type',
      path({ type: 'strnig' }),
      [`"args.properties.path.type" must be one of ${types}; did you mean "string"?`],
    ],
    ['no type', path({}), [`"args.properties.path.type" must be one of ${types}`]],
    [
      'an unknown key deep down',
      path({ type: 'array', items: { type: 'string', patern: 'x' } }),
      ['"args.properties.path.items.patern" is unknown; did you mean "pattern"?'],
    ],
    [
      'a default of another type',
      path({ type: 'integer', default: 'x' }),
      ['"args.properties.path.default": must be integer'],
    ],
    [
      'an alias that is taken',
      { args: { type: 'object', properties: { a: { type: 'any' }, b: { type: 'any', aliases: ['a'] } } } },
      ['"args.properties": two arguments are called "a"'],
    ],
    [
      'a need of what there is not',
      { args: { type: 'object', required: ['a'], properties: {} } },
      ['"args.required" names "a", which is not in "args.properties"'],
    ],
    [
      'a relation of what there is not',
      { args: { type: 'object', requiredTogether: [['a']], properties: {} } },
      ['"args.requiredTogether" names "a", which is not in "args.properties"'],
    ],
  ])('finds %s', (_, change, faults) => {
    expect(definitionFaults({ ...definition, ...change })).toEqual(faults)
  })

  it('finds a pattern that is none', () => {
    expect(definitionFaults({ ...definition, ...path({ type: 'string', pattern: '(' }) })).toEqual([
      expect.stringMatching(/^"args\.properties\.path": Invalid regular expression/),
    ])
  })

  it.each([[undefined], [null], ['text']])('finds no module in %s', (exported) => {
    expect(definitionFaults(exported)).toEqual([expect.stringContaining('no default export')])
  })
})
