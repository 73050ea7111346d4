import { randomNumbers } from '../random.ts'
import { grammarOf } from './generate.ts'

type Names = readonly string[]
interface Statement {
  readonly text: string
  readonly names: Names
}

/** Templates that random ones include and import. */
export const partials = {
  'part.j2': '<{{ s }}{% if extra is defined %} {{ extra }}{% endif %}>\n',
  'macros.j2':
    "{% macro wrap(x, by='*') %}{{ by }}{{ x }}{{ by }}{% endmacro %}\n{% macro row(x, y=2) -%}\n {{ x }}|{{ y }}{{ varargs | join(',') }}{{ kwargs | dictsort | join }}\n{%- endmacro %}{% macro box() %}[{{ caller() }}{{ e }}]{% endmacro %}{% set shown = 5 %}",
  'base.j2': 'top {% block head %}head {{ s }}{% endblock %}\n{%- block body scoped %} body{% endblock body %} end\n',
}

/** A statement that binds no name for those behind it. */
const only = (text: string): Statement => ({ text, names: [] })

/** Random templates over `generatorVariables`: statements in each other, with whitespace control; the same for the same seed. */
export function generateTemplates(count: number, seed: number): string[] {
  const next = randomNumbers(seed)
  const grammar = grammarOf(next)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T
  const chance = (share: number): boolean => next() < share
  const open = (): string => pick(['{%', '{%', '{%', '{%-', '{%+'])
  const close = (): string => pick(['%}', '%}', '%}', '-%}', '+%}'])
  const tag = (statement: string): string => `${open()} ${statement} ${close()}`
  const space = (): string => pick(['', '', ' ', '\n', '\n\n', '  \n', '\n  ', '\t'])
  const words = (): string =>
    `${space()}${pick(['', 'x', 'some text', 'a=b', '# no', '}}', '%', '{ {', "it's"])}${space()}`
  let names = 0
  const fresh = (): string => `v${++names}`

  const expression = (scope: Names, depth = 1): string => {
    if (scope.length > 0 && chance(0.5)) return named(pick(scope))
    const written = pick([grammar.text, grammar.number, grammar.list, grammar.any])(depth)
    // What is undefined in a list is told of by drover, and printed by Jinja2.
    return /nope|nothing_such/.test(written) ? 's' : written
  }
  const named = (name: string): string =>
    name === 'loop'
      ? `loop.${pick(['index', 'index0', 'first', 'last', 'length', 'revindex', 'depth', "cycle('a', 'b')", 'changed(1)', 'previtem | default("-")', 'nextitem | default("-")'])}`
      : `${name}${pick(['', '', ' | string', ' ~ "!"', ' is defined', ' | default("d")', ' | list | length if true else 0'])}`
  const print = (scope: Names): string =>
    `${pick(['{{', '{{', '{{-'])} ${expression(scope)} ${pick(['}}', '}}', '-}}'])}`

  const body = (scope: Names, depth: number): string => {
    let inner = scope
    let text = ''
    for (let left = 1 + Math.floor(next() * 3); left > 0; left -= 1) {
      const piece = statement(inner, depth)
      text += words() + piece.text
      inner = [...inner, ...piece.names]
    }
    return text + words()
  }
  const statement = (scope: Names, depth: number): Statement => {
    if (depth <= 0) return only(print(scope))
    const inside = (more: Names = []): string => body([...scope, ...more], depth - 1)
    return pick([
      () => only(print(scope)),
      () =>
        only(
          tag(`if ${grammar.truth(1)}`) +
            inside() +
            (chance(0.4) ? tag(`elif ${grammar.truth(0)}`) + inside() : '') +
            (chance(0.5) ? tag('else') + inside() : '') +
            tag('endif'),
        ),
      () => {
        const x = fresh()
        const [target, over] = pick([
          [x, grammar.list(1)],
          [x, pick(['l', 'w', 'p', 'd', 'range(3)', 's', '[]'])],
          [
            `${x}, ${x}b`,
            pick(['d.items()', 'd | dictsort', '[(1, 2), (3, 4)]', "w | zip(l) if false else [['a', 'b']]"]),
          ],
        ] as const)
        const when = chance(0.25) ? ` if ${x} ${pick(['is defined', 'is not none', '!= 1', 'is string'])}` : ''
        const leave = chance(0.15) ? tag(`if loop.index > 1`) + tag(pick(['break', 'continue'])) + tag('endif') : ''
        return only(
          tag(`for ${target} in ${over}${when}`) +
            leave +
            inside([x, 'loop']) +
            (chance(0.3) ? tag('else') + inside() : '') +
            tag('endfor'),
        )
      },
      () => {
        const name = fresh()
        return { text: tag(`set ${name} = ${expression(scope)}`), names: [name] }
      },
      () => {
        const name = fresh()
        return {
          text: tag(`set ${name}${pick(['', ' | upper', ' | trim'])}`) + inside() + tag('endset'),
          names: [name],
        }
      },
      () => {
        const name = fresh()
        return {
          text:
            tag(`set ${name} = namespace(n=0, t='')`) +
            tag(`for i in ${pick(['l', 'w', 'range(4)'])}`) +
            tag(`set ${name}.n = ${name}.n + 1`) +
            tag(`set ${name}.t = ${name}.t ~ i`) +
            tag('endfor') +
            `{{ ${name}.n }}{{ ${name}.t }}`,
          names: [`${name}.n`],
        }
      },
      () => {
        const name = fresh()
        const call = pick([
          `${name}(1)`,
          `${name}(s, 2)`,
          `${name}(2, y='k')`,
          `${name}(x=l)`,
          `${name}(1, 2, 3)`,
          `${name}(1, z=4)`,
          `${name}()`,
          `${name}.name`,
          `${name}.arguments`,
        ])
        return only(
          tag(`macro ${name}(x, y=${pick(['1', "'d'", 'a'])})`) +
            inside(['x', 'y']) +
            pick(['', '{{ varargs }}', '{{ kwargs }}', '{{ caller is defined }}']) +
            tag('endmacro') +
            `{{ ${call} }}`,
        )
      },
      () => {
        const name = fresh()
        return only(
          tag(`macro ${name}(x=1)`) +
            `[{{ caller(${pick(['', 'x'])}) }}]` +
            tag('endmacro') +
            tag(`call${pick(['', '(q)', '(q=3)'])} ${name}(${pick(['', 's', 'x=a'])})`) +
            inside() +
            tag('endcall'),
        )
      },
      () =>
        only(
          tag(`filter ${pick(['upper', 'trim', "replace('e', 'E')", 'indent(2)', 'length', 'reverse'])}`) +
            inside() +
            tag('endfilter'),
        ),
      () => {
        const name = fresh()
        return only(tag(`with ${name} = ${expression(scope)}, ${name}b = 2`) + inside([name]) + tag('endwith'))
      },
      () => only(`${tag('raw')}{{ not }} {% this %}${words()}${tag('endraw')}`),
      () => only(`{#${pick(['', '-'])} a {{ comment }} ${pick(['', '-'])}#}`),
      () =>
        only(tag(`include ${pick(["'part.j2'", "['none.j2', 'part.j2']", "'none.j2' ignore missing", "'none.j2'"])}`)),
      () => only(`${tag(`set extra = ${grammar.text(0)}`)}${tag("include 'part.j2'")}`),
      () =>
        only(
          pick([
            `${tag("import 'macros.j2' as tools")}{{ tools.wrap(${grammar.text(0)}) }}{{ tools.shown }}`,
            `${tag("from 'macros.j2' import row, wrap as w2")}{{ row(1, 3, 4, k=5) }}{{ w2(2) }}`,
            `${tag("from 'macros.j2' import box with context")}${tag('call box()')}${inside()}${tag('endcall')}`,
          ]),
        ),
      () => {
        const name = fresh()
        return {
          text:
            tag(`set ${name} = [${grammar.number(0)}]`) +
            tag(
              `do ${name}.${pick(['append(5)', 'extend(l)', 'insert(0, 9)', 'pop()', 'reverse()', 'sort()', 'clear()'])}`,
            ),
          names: [name],
        }
      },
      () =>
        only(
          tag(`for x in ${pick(['[1, [2, [3]]]', '[[1], 2]'])} recursive`) +
            `{{ loop.depth }}${tag('if x is iterable')}({{ loop(x) }})${tag('else')}{{ x }}${tag('endif')}` +
            tag('endfor'),
        ),
    ])()
  }
  const whole = (): string =>
    chance(0.08)
      ? `${tag("extends 'base.j2'")}${tag('block head')}${body([], 1)}${pick(['', '{{ super() }}'])}${tag('endblock')}${chance(0.5) ? tag('block body') + body([], 1) + tag('endblock') : ''}`
      : body([], 2)
  return Array.from({ length: count }, () => {
    names = 0
    // Line ends at the end are Ansible's to keep, not Jinja2's.
    const text = `${whole()}.`
    // Some are broken on purpose: a tag is left out.
    return chance(0.05) ? text.replace(/\{%[-+]? \w+.*?%\}/, '') : text
  })
}
