import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import type { Json } from '../../../schema/infer.ts'
import type { Position } from '../../../runner/language/source.ts'
import type { TemplateError } from '../../../runner/template/template.ts'
import { LEVELS, type Layer, type Level } from '../../../runner/vars/layers.ts'
import { LayeredScope } from '../../../runner/vars/scope.ts'
import { writeFiles } from '../inventory/files.ts'

function written(level: Level, variables: Readonly<Record<string, Json>>, at?: Position): Layer {
  return {
    kind: 'written',
    level,
    variables: new Map(Object.entries(variables).map(([name, value]) => [name, { value, at }])),
  }
}

function values(level: Level, variables: Readonly<Record<string, unknown>>): Layer {
  return { kind: 'values', level, variables: new Map(Object.entries(variables)) }
}

function errorOf(run: () => unknown): TemplateError {
  try {
    run()
  } catch (error) {
    return error as TemplateError
  }
  throw new Error('nothing was thrown')
}

/** What a scope gives for a name, or in short why it gives nothing. */
function result(scope: LayeredScope, name: string): unknown {
  try {
    return scope.get(name) ?? 'undefined'
  } catch (error) {
    return (error as Error).message.replace(/:.*/, '')
  }
}

class CountingMap extends Map<string, unknown> {
  asked = 0
  override get(name: string): unknown {
    this.asked++
    return super.get(name)
  }
}

describe('precedence', () => {
  it.each(LEVELS.slice(1).map((level, index) => [level, LEVELS[index]!] as const))(
    '%s is stronger than %s',
    (stronger, weaker) => {
      expect(new LayeredScope([written(stronger, { x: 'strong' }), written(weaker, { x: 'weak' })]).get('x')).toBe(
        'strong',
      )
      expect(new LayeredScope([written(weaker, { x: 'weak' })]).with(written(stronger, { x: 'strong' })).get('x')).toBe(
        'strong',
      )
      expect(new LayeredScope([written(stronger, { x: 'strong' })]).with(written(weaker, { x: 'weak' })).get('x')).toBe(
        'strong',
      )
    },
  )

  it('is that of the strongest level, and of the later layer in one level, whatever the scopes', () => {
    const layers = fc.array(fc.tuple(fc.constantFrom(...LEVELS), fc.nat(99)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(layers, fc.nat(8), (list, cut) => {
        const made = list.map(([level, x]) => written(level, { x }))
        const best = list.reduce((a, b) => (LEVELS.indexOf(b[0]) >= LEVELS.indexOf(a[0]) ? b : a))
        expect(new LayeredScope(made.slice(0, cut)).with(...made.slice(cut)).get('x')).toBe(best[1])
      }),
    )
  })
})

describe('evaluation', () => {
  it('is lazy, recursive, and of native types', () => {
    const scope = new LayeredScope([
      written('play-vars', {
        a: '{{ b + 1 }}',
        b: '{{ c }}',
        c: 2,
        list: ['{{ a }}', { k: 'x{{ c }}' }],
        bad: '{{ nope }}',
      }),
    ])
    expect(scope.get('a')).toBe(3)
    expect(scope.get('list')).toEqual([3, { k: 'x2' }])
    expect(scope.get('other')).toBeUndefined()
  })

  it('sees what overrides what a variable was written with', () => {
    const base = new LayeredScope([written('role-defaults', { port: 80, url: 'http://h:{{ port }}' })])
    expect(base.get('url')).toBe('http://h:80')
    const task = base.with(written('task-vars', { port: 81 }))
    expect(task.get('url')).toBe('http://h:81')
    expect(base.get('url')).toBe('http://h:80')
    expect(base.with(written('task-vars', { other: 1 })).get('url')).toBe('http://h:80')
  })

  it('sees a variable that was not defined before', () => {
    const base = new LayeredScope([written('play-vars', { x: "{{ y | default('none') }}", z: '{{ x }}' })])
    expect(base.get('z')).toBe('none')
    expect(base.with(written('task-vars', { y: 1 })).get('z')).toBe(1)
  })

  it('leaves values alone that look like templates', () => {
    const scope = new LayeredScope([
      values('set-facts', { raw: '{{ secret }}' }),
      written('play-vars', { shown: '{{ raw }}', secret: 's' }),
    ])
    expect(scope.get('raw')).toBe('{{ secret }}')
    expect(scope.get('shown')).toBe('{{ secret }}')
  })

  it('evaluates a value once for all scopes that cannot change it', () => {
    const facts = new CountingMap([['n', 1]])
    const counting: Layer = { kind: 'values', level: 'facts', variables: facts }
    const base = new LayeredScope([counting, written('play-vars', { x: '{{ n }}', y: '{{ x }}' })])
    expect([1, 2, 3].map((item) => base.with(values('running', { item })).get('y'))).toEqual([1, 1, 1])
    expect(facts.asked).toBe(1)
    expect(base.with(values('running', { x: 5 })).get('y')).toBe(5)
  })

  it('forgets what was made from a variable that has changed, in scopes made before too', () => {
    const facts = new Map<string, unknown>([['n', 1]])
    const base = new LayeredScope([
      { kind: 'values', level: 'set-facts', variables: facts },
      written('play-vars', { x: '{{ n }}', y: '{{ x }}{{ item | default(0) }}' }),
    ])
    const task = base.with(values('running', { item: 7 }))
    expect([base.get('y'), task.get('y')]).toEqual(['10', '17'])
    facts.set('n', 2)
    base.changed('n')
    expect([base.get('y'), task.get('y')]).toEqual(['20', '27'])
  })

  it('gives a value that has changed, whichever scope is asked first', () => {
    const facts = new Map<string, unknown>([['n', 1]])
    const base = new LayeredScope([{ kind: 'values', level: 'set-facts', variables: facts }])
    const task = base.with(values('running', { item: 7 }))
    expect([base.get('n'), task.get('n')]).toEqual([1, 1])
    facts.set('n', 2)
    base.changed('n')
    expect([task.get('n'), base.get('n')]).toEqual([2, 2])
    facts.delete('n')
    base.changed('n')
    expect([task.get('n'), base.get('n')]).toEqual([undefined, undefined])
  })

  it('evaluates anew what is not made from variables alone', () => {
    const cwd = writeFiles({ 'one/f': '1', 'two/f': '2' })
    const base = new LayeredScope([written('play-vars', { text: "{{ lookup('file', 'f') }}", via: '{{ text }}' })])
    const one = base.within([`${cwd}/one`])
    expect(one.get('via')).toBe('1')
    expect(base.within([`${cwd}/two`]).get('via')).toBe('2')
    writeFileSync(`${cwd}/one/f`, '3')
    expect(one.with(values('running', { item: 1 })).get('via')).toBe('3')
  })

  it('gives in any scope what a scope without memory would give', () => {
    const names = ['a', 'b', 'c', 'd']
    const value = fc.oneof(
      fc.nat(9),
      fc.constantFrom(...names).map((name) => `{{ ${name} | default('-') }}.`),
      fc.constantFrom(...names).map((name) => `[{{ ${name} }}]`),
    )
    const layer = fc
      .tuple(fc.constantFrom(...LEVELS), fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true }))
      .map(([level, vars]) => written(level, vars))
    fc.assert(
      fc.property(
        fc.array(layer, { maxLength: 3 }),
        fc.array(layer, { maxLength: 2 }),
        fc.array(layer, { maxLength: 2 }),
        (one, two, three) => {
          const base = new LayeredScope(one)
          const play = base.with(...two)
          const task = play.with(...three)
          for (const scope of [base, task, play, base.with(...three), task])
            for (const name of names) result(scope, name)
          for (const name of names)
            expect(result(task, name)).toEqual(result(new LayeredScope([...one, ...two, ...three]), name))
        },
      ),
    )
  })
})

describe('errors', () => {
  const at = { source: { name: 'v.yml', path: '/v.yml', text: '' }, line: 3, column: 5, length: 1 }

  it('show a variable made from itself, and the way', () => {
    const scope = new LayeredScope([
      written('play-vars', { a: '{{ b }}', b: 'x{{ c }}', c: '{{ a }}', self: '{{ self }}' }),
    ])
    expect(errorOf(() => scope.get('a')).message).toContain('recursive loop detected: a → b → c → a')
    expect(errorOf(() => scope.get('self')).message).toContain('recursive loop detected: self → self')
    expect(errorOf(() => scope.with(written('task-vars', { a: '{{ a }}' })).get('a')).message).toContain(
      'recursive loop detected: a → a',
    )
  })

  it('have the place where the variable was defined, the innermost', () => {
    const scope = new LayeredScope([
      written('play-vars', { inner: '{{ 1 / 0 }}' }, at),
      written('task-vars', { outer: '{{ inner }}' }, { ...at, line: 9 }),
    ])
    expect(errorOf(() => scope.get('outer')).at).toMatchObject({ line: 3 })
    expect(errorOf(() => scope.get('inner')).at).toMatchObject({ line: 3 })
  })

  it('leave the scope usable', () => {
    const scope = new LayeredScope([written('play-vars', { bad: '{{ 1 / 0 }}', good: '{{ 1 + 1 }}' })])
    errorOf(() => scope.get('bad'))
    expect(scope.get('good')).toBe(2)
    expect(errorOf(() => scope.get('bad')).reason).toBe('value')
  })
})
