import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkArguments } from '../../schema/arguments.ts'
import type { ArgsSchema, Json, JsonObject } from '../../schema/infer.ts'

const schema = {
  type: 'object',
  required: ['path'],
  mutuallyExclusive: [['content', 'src']],
  requiredTogether: [['owner', 'group']],
  properties: {
    path: { type: 'string', format: 'path', aliases: ['dest', 'name'] },
    content: { type: 'any' },
    src: { type: 'string' },
    owner: { type: 'string' },
    group: { type: 'string' },
    mode: { type: 'string', format: 'mode' },
    size: { type: 'string', format: 'size' },
    backup: { type: 'boolean', default: false },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
    answer: { type: 'string', enum: ['yes', 'no', 'ask'] },
    retries: { type: 'integer', minimum: 1, maximum: 10 },
    ratio: { type: 'number' },
    version: { type: 'integer', enum: [2, 4] },
    packages: { type: 'array', items: { type: 'string' }, aliases: ['pkg'] },
    ports: { type: 'array', items: { type: 'integer' } },
    rules: {
      type: 'array',
      items: {
        type: 'object',
        required: ['from'],
        properties: { from: { type: 'string', aliases: ['source'] }, log: { type: 'boolean', default: true } },
      },
    },
    labels: { type: 'object' },
    code: { type: 'string', pattern: '^[a-z]+$', minLength: 2 },
  },
} as const satisfies ArgsSchema

const templated = (text: string) => text.includes('{{')
const given = (value: JsonObject) => checkArguments(schema, { path: '/a', ...value })
const faults = (value: JsonObject, options = {}) => {
  const checked = checkArguments(schema, value, options)
  return checked.ok
    ? []
    : checked.faults.map(({ path, message, hint, key }) => [
        path.join('.') + (key === true ? ' (key)' : ''),
        message,
        ...(hint === undefined ? [] : [hint]),
      ])
}

describe('coercion, as Ansible does it', () => {
  test.each<[string, Json, Json]>([
    ['backup', true, true],
    ['backup', 'yes', true],
    ['backup', 'On', true],
    ['backup', '0', false],
    ['backup', 1, true],
    ['backup', 'f', false],
    ['retries', '3', 3],
    ['retries', ' 3 ', 3],
    ['retries', 3, 3],
    ['ratio', '0.5', 0.5],
    ['ratio', '1e3', 1000],
    ['owner', 1000, '1000'],
    ['answer', true, 'yes'],
    ['answer', false, 'no'],
    ['packages', 'a, b,c', ['a', 'b', 'c']],
    ['packages', 'a', ['a']],
    ['packages', 7, ['7']],
    ['packages', '', []],
    ['packages', ['a', 1], ['a', '1']],
    ['ports', '80,443', [80, 443]],
    ['ports', 80, [80]],
    ['rules', { from: 'x' }, [{ from: 'x', log: true }]],
    ['rules', [{ source: 'x', log: 'no' }], [{ from: 'x', log: false }]],
    ['labels', { a: [1] }, { a: [1] }],
    ['labels', '{"a": 1}', { a: 1 }],
    ['labels', 'a=1, b=2', { a: '1', b: '2' }],
    ['content', { a: 1 }, { a: 1 }],
    ['mode', 420, '0644'],
    ['mode', 0o1777, '1777'],
    ['mode', '644', '0644'],
    ['mode', '0o600', '0600'],
    ['mode', 'u=rw,g=r,o=r', 'u=rw,g=r,o=r'],
    ['mode', 0, '0000'],
    ['mode', 0o777, '0777'],
    ['size', '1G', '1073741824'],
    ['size', '512M', '536870912'],
    ['size', '1.5GiB', '1610612736'],
    ['size', 4096, '4096'],
    ['size', '8E', '9223372036854775808'],
  ])('%s: %j is %j', (name, written, value) => {
    const owners: JsonObject = name === 'owner' ? { group: 'g' } : {}
    expect(given({ ...owners, [name]: written })).toMatchObject({ ok: true, value: { [name]: value } })
  })

  test('a boolean where text is wanted is Python’s word for it', () => {
    expect(given({ content: true, code: 'ab', src: null })).toMatchObject({ ok: true, value: { content: true } })
    expect(given({ src: true })).toMatchObject({ ok: true, value: { src: 'True' } })
  })
})

test('aliases become the own name, defaults are filled in, null is not given', () => {
  expect(checkArguments(schema, { dest: '/a', pkg: 'x', mode: null })).toEqual({
    ok: true,
    value: { path: '/a', packages: ['x'], backup: false, state: 'present' },
  })
})

describe('faults', () => {
  test.each<[string, JsonObject, readonly (readonly string[])[]]>([
    ['missing', {}, [['', 'missing argument "path"']]],
    ['null is missing', { path: null }, [['', 'missing argument "path"']]],
    [
      'unknown, with the nearest',
      { path: '/a', stat: 'absent' },
      [['stat (key)', 'unknown argument "stat"', 'did you mean "state"?']],
    ],
    [
      'unknown, nearest to an alias',
      { path: '/a', pkgs: 'x' },
      [['pkgs (key)', 'unknown argument "pkgs"', 'did you mean "pkg"?']],
    ],
    [
      'the nearest is not missing as well',
      { paht: '/a' },
      [['paht (key)', 'unknown argument "paht"', 'did you mean "path"?']],
    ],
    [
      'given twice',
      { path: '/a', dest: '/b' },
      [['dest (key)', '"dest" is another name for "path", which is given as well']],
    ],
    [
      'enum',
      { path: '/a', state: 'absnet' },
      [['state', '"state" must be one of "present", "absent"', 'did you mean "absent"?']],
    ],
    ['one of some numbers', { path: '/a', version: 3 }, [['version', '"version" must be one of 2, 4']]],
    [
      'boolean',
      { path: '/a', backup: 'maybe' },
      [['backup', '"backup" must be a boolean (true or false), not "maybe"']],
    ],
    ['integer', { path: '/a', retries: 1.5 }, [['retries', '"retries" must be a whole number, not 1.5']]],
    ['range', { path: '/a', retries: 11 }, [['retries', '"retries" must be at most 10']]],
    ['text', { path: '/a', src: ['x'] }, [['src', '"src" must be text, not a list']]],
    ['list of mappings', { path: '/a', rules: 'x' }, [['rules', '"rules" must be a list, not "x"']]],
    [
      'inside',
      { path: '/a', rules: [{ from: 'x' }, { form: 'y' }] },
      [
        ['rules.1.form (key)', 'unknown argument "rules[1].form"', 'did you mean "from"?'],
        ['rules.1', '"rules[1]" lacks "from"'],
      ],
    ],
    [
      'entry of a list',
      { path: '/a', ports: [80, 'http'] },
      [['ports.1', '"ports[1]" must be a whole number, not "http"']],
    ],
    ['pattern', { path: '/a', code: 'AB' }, [['code', '"code" must match ^[a-z]+$']]],
    ['written by an alias', { dest: '' }, [['dest', '"dest" must be a path, not an empty string']]],
    ['NUL', { path: 'a\0b' }, [['path', '"path" holds a NUL byte, which no path can']]],
    [
      'exclusive',
      { path: '/a', src: 'x', content: 'y' },
      [['src (key)', '"content" and "src" exclude each other', 'leave out all but one']],
    ],
    ['together', { path: '/a', owner: 'x' }, [['', '"owner" needs "group" as well']]],
    [
      'size',
      { path: '/a', size: '1X' },
      [['size', '"size" is no size: "1X"', 'write bytes, or a number with K, M, G or T: "512M"']],
    ],
    [
      'all at once',
      { state: 'x', retries: 'y' },
      [
        ['retries', '"retries" must be a whole number, not "y"'],
        ['state', '"state" must be one of "present", "absent"'],
        ['', 'missing argument "path"'],
      ],
    ],
  ])('%s', (_, value, expected) => {
    expect(faults(value)).toEqual(expected)
  })

  test.each([
    [644, '"0644"'],
    [755, '"0755"'],
    [600, '"0600"'],
    [400, '"0400"'],
    [1777, '"1777"'],
  ])('mode %i has lost its leading zero', (mode, fixed) => {
    expect(faults({ path: '/a', mode })[0]?.at(-1)).toBe(`write it in quotes: ${fixed}`)
  })

  test.each(['rw-r--r--', '0999', 'u=q', '', '77777'])('mode %j is refused', (mode) => {
    expect(faults({ path: '/a', mode })).toHaveLength(1)
  })

  test('one of several is needed', () => {
    const either = {
      type: 'object',
      requiredOneOf: [['a', 'b']],
      properties: { a: { type: 'string' }, b: { type: 'string', default: 'x' } },
    } as const
    expect(checkArguments(either, {})).toMatchObject({
      ok: false,
      faults: [{ path: [], message: 'missing argument: one of "a" or "b" is needed' }],
    })
    expect(checkArguments(either, { a: 'x' })).toMatchObject({ ok: true })
  })

  test('a key called __proto__ is a key like others', () => {
    expect(faults(JSON.parse('{"path": "/a", "__proto__": 1}') as JsonObject)).toEqual([
      ['__proto__ (key)', 'unknown argument "__proto__"', expect.stringContaining('it takes')],
    ])
  })
})

describe('before values are known', () => {
  test('a template is accepted for any type', () => {
    const value = {
      path: '{{ p }}',
      backup: '{{ b }}',
      retries: '{{ r }}',
      packages: '{{ l }}',
      ports: ['{{ x }}', 80],
      rules: '{{ r }}',
      labels: '{{ d }}',
      mode: '{{ m }}',
      size: '{{ s }}G',
      state: '{{ s }}',
      code: '{{ C }}',
    }
    expect(faults(value, { templated })).toEqual([])
  })

  test('what is there and what is missing is checked all the same', () => {
    expect(
      faults({ pth: '{{ p }}', content: '{{ c }}', src: '{{ s }}', state: 'x' }, { templated }).map(([path]) => path),
    ).toEqual(['pth (key)', 'state', 'src (key)'])
    expect(faults({ owner: '{{ o }}' }, { templated })).toEqual([
      ['', 'missing argument "path"'],
      ['', '"owner" needs "group" as well'],
    ])
  })
})

test('checking twice changes nothing, and never throws', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double())
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.dictionary(fc.string(), leaf, { maxKeys: 3 }),
  ) as fc.Arbitrary<Json>
  const names = fc.constantFrom(...Object.keys(schema.properties), 'dest', 'pkg', 'other')
  fc.assert(
    fc.property(fc.dictionary(names, value), (args) => {
      const once = checkArguments(schema, args)
      const twice = once.ok ? checkArguments(schema, once.value) : { ok: false, faults: once.faults.slice(0) }
      expect(twice).toEqual(once)
      expect(once.ok || once.faults.length > 0).toBe(true)
    }),
  )
})
