import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ensureIniSection,
  iniValues,
  removeIniOption,
  removeIniSection,
  setIniOption,
  type IniStyle,
} from '../../../modules/lib/ini-text.ts'

const STYLE: IniStyle = { exclusive: true, noExtraSpaces: false }
const set = (
  text: string,
  section: string | null,
  option: string,
  values: string | null | readonly (string | null)[],
  style: Partial<IniStyle> = {},
) =>
  setIniOption(
    text,
    { section, option, values: Array.isArray(values) ? values : [values as string | null] },
    { ...STYLE, ...style },
  )

describe('setting an option', () => {
  it.each([
    ['in an empty file', '', 'DEFAULT', 'a', 'b', '[DEFAULT]\na = b\n'],
    ['before any section of an empty file', '', null, 'a', 'b', 'a = b\n'],
    [
      "in place, with the line's own spacing",
      '[s]\nx=1\n\ta   =   1\ny=2\n',
      's',
      'a',
      '2',
      '[s]\nx=1\n\ta   =   1\ny=2\na=2\n',
    ],
    [
      'in place, indented from the first',
      '[core]\n\ta   =   1\n\tb = 2\n',
      'core',
      'a',
      '2',
      '[core]\n\ta   =   2\n\tb = 2\n',
    ],
    [
      'as the other options are indented',
      '[core]\n\teditor = vi\n',
      'core',
      'pager',
      'less',
      '[core]\n\teditor = vi\n\tpager = less\n',
    ],
    ['as the other options are spaced', '[s]\nx=1\n', 's', 'a', 'b', '[s]\nx=1\na=b\n'],
    ['as commented-out defaults are spaced', '[s]\n#x=1\n', 's', 'a', 'b', '[s]\na=b\n#x=1\n'],
    [
      'after its commented-out default',
      '[s]\n# about a\n#a = 1\n\n# about b\n#b = 2\n[t]\n#a = 1\n',
      's',
      'a',
      '3',
      '[s]\n# about a\n#a = 1\na = 3\n\n# about b\n#b = 2\n[t]\n#a = 1\n',
    ],
    [
      "after the last option, not the next section's comment",
      '[s]\nx = 1\n\n# about t\n[t]\n',
      's',
      'a',
      'b',
      '[s]\nx = 1\na = b\n\n# about t\n[t]\n',
    ],
    [
      'before the first section',
      '# head\n\nx = 1\n[s]\na = 1\n',
      null,
      'a',
      '2',
      '# head\n\nx = 1\na = 2\n[s]\na = 1\n',
    ],
    ['below the opening comment', '# head\n\n[s]\n', null, 'a', '2', '# head\na = 2\n\n[s]\n'],
    [
      'above a comment that belongs to the first section',
      '# about s\n[s]\n',
      null,
      'a',
      '2',
      'a = 2\n# about s\n[s]\n',
    ],
    [
      'in a section with a colon',
      '[filter:authtoken]\nx = 1\n[filter:authtoken2]\n',
      'filter:authtoken',
      'a',
      'b',
      '[filter:authtoken]\nx = 1\na = b\n[filter:authtoken2]\n',
    ],
    ['in a section with blanks inside its brackets', '[ a b ]\nx = 1\n', 'a b', 'x', '2', '[ a b ]\nx = 2\n'],
    ['in a section with a comment behind it', '[s] # note ]\nx = 1\n', 's', 'x', '2', '[s] # note ]\nx = 2\n'],
    [
      'whose key is a path',
      '[composite:osapi]\nuse = call\n/: versions\n/v2: old\n',
      'composite:osapi',
      '/v2',
      'new',
      '[composite:osapi]\nuse = call\n/: versions\n/v2: new\n',
    ],
    ['not taking a longer name for it', '[s]\nab = 1\na.b = 2\n', 's', 'a', '3', '[s]\nab = 1\na.b = 2\na = 3\n'],
    ['with regular-expression characters in its name', '[s]\na+b[] = 1\n', 's', 'a+b[]', '2', '[s]\na+b[] = 2\n'],
    ['over its continuation lines', '[s]\na = 1,\n   2,\n   3\nb = 1\n', 's', 'a', '9', '[s]\na = 9\nb = 1\n'],
    [
      "past another option's continuation lines",
      '[s]\nx = 1\n  a = 5\n\n#end\n',
      's',
      'a',
      '9',
      '[s]\nx = 1\n  a = 5\na = 9\n\n#end\n',
    ],
    [
      "over a backslash's continuation",
      '[Service]\nExecStart=/bin/a \\\n--b\nType=x\n',
      'Service',
      'ExecStart',
      '/bin/c',
      '[Service]\nExecStart=/bin/c\nType=x\n',
    ],
    [
      'that had a name alone',
      '[mysqld]\nskip-name-resolve\n',
      'mysqld',
      'skip-name-resolve',
      '1',
      '[mysqld]\nskip-name-resolve = 1\n',
    ],
    ['that was empty', '[s]\na =\nb=\n', 's', 'a', '1', '[s]\na = 1\nb=\n'],
    ['to nothing', '[s]\na = 1\n', 's', 'a', '', '[s]\na =\n'],
    ['to a name alone', '[s]\na = 1\n', 's', 'a', null, '[s]\na\n'],
    ['literally', '[s]\na = 1\n', 's', 'a', '$(x)s %d #;=\\', '[s]\na = $(x)s %d #;=\\\n'],
    ['over several lines', '[s]\na = 1\nb = 2\n', 's', 'a', 'x\ny', '[s]\na = x\n    y\nb = 2\n'],
    ['with CRLF', '[s]\r\na = 1\r\n', 's', 'b', '2', '[s]\r\na = 1\r\nb = 2\r\n'],
    ['behind a byte order mark', '\u00ef\u00bb\u00bf[s]\na = 1\n', 's', 'a', '2', '\u00ef\u00bb\u00bf[s]\na = 2\n'],
    ['without a last newline', '[s]\na = 1', 's', 'a', '2', '[s]\na = 2'],
    ['at the end, without a last newline', '[s]\na = 1', 's', 'b', '2', '[s]\na = 1\nb = 2'],
    ['once, where it is there twice', '[s]\na = 1\nb = 0\na = 2\n', 's', 'a', '2', '[s]\nb = 0\na = 2\n'],
    ['in a section that comes twice', '[s]\nx = 1\n[t]\n[s]\na = 1\n', 's', 'a', '2', '[s]\nx = 1\n[t]\n[s]\na = 2\n'],
  ])('%s', (_, text, section, option, value, expected) => {
    const once = set(text, section, option, value)
    expect(once).toBe(expected)
    expect(set(once, section, option, value)).toBe(once)
  })

  it.each([
    ['sets several lines', '[s]\na = 1\n', ['1', '2', '3'], true, '[s]\na = 1\na = 2\na = 3\n'],
    [
      'replaces what is not wanted',
      '[s]\na = 0\na = 2\na = 9\nb = 1\n',
      ['1', '2'],
      true,
      '[s]\na = 1\na = 2\nb = 1\n',
    ],
    ['only adds where not exclusive', '[s]\na = 0\nb = 1\n', ['1', '0'], false, '[s]\na = 0\na = 1\nb = 1\n'],
    ['does not care for their order', '[s]\na = 2\na = 1\n', ['1', '2'], true, '[s]\na = 2\na = 1\n'],
  ])('%s of a multi-valued one', (_, text, values, exclusive, expected) => {
    expect(set(text, 's', 'a', values, { exclusive })).toBe(expected)
  })

  it('writes without blanks only the lines that it must write', () => {
    expect(set('[s]\na = 1\nb = 2\n', 's', 'a', '1', { noExtraSpaces: true })).toBe('[s]\na = 1\nb = 2\n')
    expect(set('[s]\na = 1\nb = 2\n', 's', 'a', '3', { noExtraSpaces: true })).toBe('[s]\na=3\nb = 2\n')
  })

  it('leaves a value with comments between its lines alone', () => {
    const text = '[s]\na = 1\n  # why\n  2\n'
    expect(set(text, 's', 'a', '1\n2')).toBe(text)
  })
})

describe('removing', () => {
  it('takes all lines of an option, its commented-out default stays', () => {
    expect(removeIniOption('[s]\n#a = 0\na = 1\n  2\nb = 1\na = 3\n[t]\na = 1\n', 's', 'a')).toBe(
      '[s]\n#a = 0\nb = 1\n[t]\na = 1\n',
    )
  })
  it('takes only certain values', () =>
    expect(removeIniOption('[s]\na = 1\na = 2\n', 's', 'a', ['2'])).toBe('[s]\na = 1\n'))
  it('takes a section, and leaves the comment above the next', () => {
    expect(removeIniSection('x = 1\n[s]\na = 1\n\n# about t\n[t]\n[s]\nb = 1\n', 's')).toBe('x = 1\n# about t\n[t]\n')
  })
  it('adds a section once', () => {
    expect(ensureIniSection('[a]\nx = 1\n', 'b')).toBe('[a]\nx = 1\n\n[b]\n')
    expect(ensureIniSection('[a]\n[b]', 'b')).toBe('[a]\n[b]')
  })
})

// Lines of all kinds, as they come; values hold what could be mistaken for syntax.
const key = fc.constantFrom('a', 'b', 'ab', 'a.b', '/v1', 'x-y', 'a[]')
const value = fc.stringMatching(/^[a-z0-9=#;:%$[\]"'\\ ]{0,8}$/).map((text) => text.trim())
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', ' ', '\t'), key, fc.constantFrom('=', ' = ', ' =', ': ', '   =  '), value)
    .map((parts) => parts.join('')),
  fc.constantFrom('', '  ', '# note', ';a = 1', '#a=1', '[s]', '[t]', ' [s] ', '[ s ]', 'a', '    more', '[broken'),
)
const file = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last && lines.length > 0 ? end : ''))
// A wanted value that ends in a backslash asks for the next line too, where that is no option.
const wanted = value.filter((text) => !text.endsWith('\\'))
const section = fc.constantFrom(null, 's', 't', 'new')

describe('for all files', () => {
  it('setting then reading gives the value, and setting twice changes nothing', () => {
    fc.assert(
      fc.property(file, section, key, wanted, fc.boolean(), (text, section, key, value, noExtraSpaces) => {
        const once = set(text, section, key, value, { noExtraSpaces })
        expect(iniValues(once, section, key)).toEqual([value])
        expect(set(once, section, key, value, { noExtraSpaces })).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })
  it('only lines of the option change', () => {
    fc.assert(
      fc.property(file, section, key, wanted, (text, section, key, value) => {
        const others = (text: string) => removeIniOption(text, section, key).split(/\r?\n/)
        const after = others(set(text, section, key, value))
        for (const line of others(text)) expect(after).toContain(line)
        expect(after.length - others(text).length).toBeLessThanOrEqual(3)
      }),
      { numRuns: 2000 },
    )
  })
  it('removing removes', () => {
    fc.assert(
      fc.property(file, section, key, (text, section, key) => {
        expect(iniValues(removeIniOption(text, section, key), section, key)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
})
