import { randomNumbers } from '../random.ts'

/** Random expressions over `generatorVariables`, the same for the same seed. Most are meaningful; some are errors on purpose. */
export const generatorVariables = {
  a: 7,
  b: -3,
  z: 0,
  big: 9007199254740991,
  f: 2.5,
  t: true,
  n: null,
  s: 'Hello World',
  e: '',
  u: 'Grüße_ñ x',
  num: '42',
  l: [3, 1, 2],
  w: ['pear', 'Apple', 'fig'],
  m: [1, 'two', 3.5, null, true],
  d: { k: 'v', x: 1, y: [1, 2] },
  p: [
    { name: 'c', uid: 3, on: true },
    { name: 'A', uid: 1, on: false },
    { name: 'b', uid: 2, on: true },
  ],
}

/** Writes one expression of a kind, with others in it up to a depth. */
type Expression = (depth: number) => string
export interface Grammar {
  readonly number: Expression
  readonly text: Expression
  readonly list: Expression
  readonly truth: Expression
  readonly any: Expression
}

export function generateExpressions(count: number, seed: number): string[] {
  const next = randomNumbers(seed)
  const { any } = grammarOf(next)
  return Array.from({ length: count }, () => any(1 + Math.floor(next() * 3)))
}

/** The grammar of expressions over `generatorVariables`. */
export function grammarOf(next: () => number): Grammar {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T
  const chance = (share: number): boolean => next() < share
  const whole = (): string => pick(['0', '1', '2', '3', '5', '10', '-1', '-2', 'a', 'b', 'z', 'big', 'l[0]', 'd.x'])

  const number = (depth: number): string => {
    if (depth <= 0) return chance(0.7) ? whole() : pick(['2.5', '1e3', '0.1', 'f', '-0.5', '1.0'])
    const inner = (): string => number(depth - 1)
    return pick([
      () => `${inner()} ${pick(['+', '-', '*', '/', '//', '%'])} ${inner()}`,
      () => `(${inner()} ${pick(['+', '-', '*'])} ${inner()})`,
      () => `(${inner()}) ** ${pick(['0', '1', '2', '3'])}`,
      () => `-(${inner()})`,
      () =>
        `(${inner()}) | ${pick(['abs', 'int', 'float', 'round', 'round(1)', "round(0, 'floor')", "round(1, 'ceil')"])}`,
      () => `(${list(depth - 1)}) | ${pick(['length', 'sum', 'first', 'last', 'min', 'max', 'count'])}`,
      () => `(${text(depth - 1)}) | ${pick(['length', 'int', 'float', 'wordcount', 'int(5)', 'int(0, 16)'])}`,
      () => `(${text(depth - 1)}).${pick(["count('l')", "find('o')", "index('l')", "rfind('l')"])}`,
      () => `(${inner()} if ${truth(depth - 1)} else ${inner()})`,
    ])()
  }
  const text = (depth: number): string => {
    if (depth <= 0)
      return pick(['s', 'e', 'u', 'num', "'abc'", '"x y"', "'a,b,c'", "'%s-%s'", "'<b>&'", 'w[0]', 'd.k', "'Zz'"])
    const inner = (): string => text(depth - 1)
    return pick([
      () => `${inner()} ~ ${any(depth - 1)}`,
      () => `(${inner()} + ${inner()})`,
      () => `(${inner()}) * ${pick(['0', '1', '2', '3', '-1'])}`,
      () => `(${inner()})[${pick(['0', '-1', '1:', ':2', '::-1', '1:-1', '::2', '-3:', '5'])}]`,
      () =>
        `(${inner()}) | ${pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'reverse', 'string', 'urlencode', 'striptags', 'wordwrap(3)', 'truncate(5)', "truncate(6, true, '~', 0)", 'center(9)', 'indent', 'indent(2, true)', "replace('l', 'L')", "replace('a', '', 1)", "default('d', true)", 'first', 'last', "format('q', 1)", 'wordcount', 'lower | title', "wordwrap(4, false, '/')", "indent('> ')", 'truncate(3, leeway=2)', 'list | sort | join', "batch(3) | map('join') | join('|')", 'unique | join'])}`,
      () =>
        `(${inner()}).${pick(['upper()', 'lower()', 'strip()', 'swapcase()', 'title()', "replace('o', '0')", "lstrip('H')", "ljust(8, '.')", 'rjust(8)', 'zfill(6)', "center(7, '*')", "partition(' ') | join('|')", "split() | join('-')", "split(',') | last", "startswith('H') | string", 'isalpha() | string', 'isdigit() | string', "splitlines() | join('/')", 'expandtabs(2)', "removeprefix('He')", "removesuffix('d')", "rsplit('o', 1) | join('/')", "rpartition('o')", 'casefold()', "endswith(('d', 'x')) | string", 'isalnum() | string', 'istitle() | string', 'isspace() | string', "count('') | string", "join(['x', 'y'])", "split('o', 1)", "replace('', '.')", "strip('Hd')", 'isidentifier() | string', 'rstrip()[-2:]', 'title().swapcase()'])}`,
      () => `(${list(depth - 1)}) | join(${pick(["','", "''", "' - '"])})`,
      () => `'${pick(['%s', '%5s', '%-5s|'])}' % (${any(depth - 1)},)`,
      () => `'${pick(['%d', '%03d', '%x', '%.2f', '%e', '%g', '%+d', '%o'])}' % (${number(depth - 1)})`,
      () => `'${pick(['{}', '{0}-{0}', '{:>5}', '{!r}'])}'.format(${chance(0.5) ? text(depth - 1) : whole()})`,
      () => `(${inner()} if ${truth(depth - 1)} else ${inner()})`,
      () => `(${any(depth - 1)}) | string`,
      () => `((${any(depth - 1)}) | tojson ~ '')`,
      () => `d.get(${inner()}, ${inner()})`,
    ])()
  }
  const list = (depth: number): string => {
    if (depth <= 0)
      return pick([
        'l',
        'w',
        'm',
        'd.y',
        '[]',
        '[1, 2, 3, 4]',
        "['b', 'a']",
        'range(4) | list',
        '(1, 2)',
        '[[1, 2], [3]]',
      ])
    const inner = (): string => list(depth - 1)
    return pick([
      () => `[${any(depth - 1)}, ${any(depth - 1)}]`,
      () => `(${any(depth - 1)}, ${any(depth - 1)})`,
      () => `(${inner()} + ${inner()})`,
      () => `(${inner()}) * ${pick(['0', '1', '2'])}`,
      () => `(${inner()})[${pick(['1:', ':2', '::-1', '1:-1', '::2', '-2:', '10:'])}]`,
      () =>
        `(${inner()}) | ${pick(['list', 'sort', 'reverse | list', "map('string') | unique | list", 'sort(reverse=true)', 'batch(2) | list', "batch(2, 'x') | list", 'slice(2) | list', 'slice(3, 0) | list', "map('string') | list", "select('defined') | list", "reject('none') | list", "select('number') | list", "map('default', 'x') | list", 'select | list', "map('upper') | list", "select('in', [1, 'fig']) | list", "rejectattr('x', 'undefined') | list"])}`,
      () =>
        `p | ${pick(["map(attribute='name') | list", "selectattr('on') | map(attribute='uid') | list", "rejectattr('uid', 'gt', 1) | list", "sort(attribute='name') | map(attribute='uid') | list", "groupby('on')", "sum(attribute='uid')", "map(attribute='no', default='-') | list", "selectattr('name', 'equalto', 'b') | list", "max(attribute='uid')", "unique(attribute='on') | list", "groupby('on') | map(attribute='grouper') | list", "groupby('on') | map('last') | map('length') | list", "groupby('name', case_sensitive=true) | map('first') | list", "groupby('no', default='-') | length", "selectattr('uid', 'in', [1, 3]) | map(attribute='name') | join(',')", "rejectattr('on') | first", "sort(attribute='on,name') | map(attribute='name') | list", "min(attribute='name')", "map('dictsort') | list", "map(attribute='name') | map('lower') | sort | join('/')", "map('length') | list"])}`,
      () => `(${text(depth - 1)}).split(${pick(["','", "' '", "'l'", ''])})`,
      () => `(${text(depth - 1)}) | list`,
      () => `d | ${pick(['list', 'dictsort', 'items | list', "dictsort(by='key', reverse=true)"])}`,
      () =>
        `d.${pick(['keys() | list', 'values() | list', 'items() | list', "get('k') | list", "get('nope', []) | list", 'copy() | list', "items() | map('last') | list", "pop('k') | list"])}`,
      () => `range(${whole()}, ${pick(['5', '9'])}${chance(0.5) ? `, ${pick(['1', '2', '3', '-1'])}` : ''}) | list`,
    ])()
  }
  const truth = (depth: number): string => {
    if (depth <= 0) return pick(['t', 'true', 'false', 'a', 'z', 'e', 's', 'l', 'n', 'undefined_one is defined'])
    const inner = (): string => truth(depth - 1)
    return pick([
      () => `${number(depth - 1)} ${pick(['<', '<=', '>', '>=', '==', '!='])} ${number(depth - 1)}`,
      () => `${whole()} < ${number(depth - 1)} <= ${whole()}`,
      () => `(${any(depth - 1)}) == (${any(depth - 1)})`,
      () => `${text(depth - 1)} ${pick(['<', '==', '!=', '>='])} ${text(depth - 1)}`,
      () => `${chance(0.5) ? text(0) : whole()} ${pick(['in', 'not in'])} ${list(depth - 1)}`,
      () => `${text(0)} ${pick(['in', 'not in'])} ${text(depth - 1)}`,
      () => `(${inner()} ${pick(['and', 'or'])} ${inner()})`,
      () => `not ${inner()}`,
      () =>
        `(${any(depth - 1)}) is ${chance(0.3) ? 'not ' : ''}${pick(['defined', 'none', 'string', 'number', 'integer', 'float', 'boolean', 'mapping', 'sequence', 'iterable', 'true', 'false', 'sameas(none)', 'callable'])}`,
      () =>
        `(${number(depth - 1)}) is ${pick(['even', 'odd', 'divisibleby(3)', 'gt 2', 'lt(f)', 'eq 1', 'in [1, 2, 3]'])}`,
      () =>
        `(${text(depth - 1)}) is ${pick(['lower', 'upper', "eq 'abc'", "in ['abc', 's']", 'escaped', 'filter', 'sameas s', 'ne e', 'ge u'])}`,
    ])()
  }
  const any = (depth: number): string =>
    pick([
      number,
      text,
      list,
      truth,
      () => pick(['d', '{}', "{'q': a, 'r': s}", 'n', 'p[0]', 'd.y[1]', 'nothing_such', 'd.nope']),
      text,
      number,
    ])(depth)

  return { number, text, list, truth, any }
}
