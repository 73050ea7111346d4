import { toBoolean } from '../../schema/coerce.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { promptKeywords } from '../../schema/play.ts'
import { kindOf } from '../../schema/validate.ts'
import { checkVariableNames, readKeywords } from './keywords.ts'
import type { YamlNode } from './node.ts'
import { mapNode, place, placeOfValue } from './node.ts'
import type { Reading } from './reading.ts'
import type { Prompt } from './tree.ts'

/** Reads `vars_prompt`: the variables that a play asks the user for. */
export function readPrompts(list: YamlNode | undefined, reading: Reading): readonly Prompt[] {
  if (list?.kind !== 'list') return none
  return Object.freeze(list.items.flatMap((item) => readPrompt(item, reading) ?? []))
}
const none: readonly Prompt[] = Object.freeze([])

function readPrompt(item: YamlNode, reading: Reading): Prompt | undefined {
  if (item.kind !== 'map') {
    reading.add(
      `a variable to ask for is expected here, not ${kindOf(item.value)}`,
      place(item),
      'write "- name: NAME"',
    )
    return undefined
  }
  const values = readKeywords(item, promptKeywords, 'vars_prompt', reading)
  const name = values.text('name')
  const named = values.entry('name')
  if (name === undefined || named === undefined) {
    reading.add('this asks for no variable', place(item), 'add "name: NAME"')
    return undefined
  }
  const { value } = named
  checkVariableNames(
    mapNode(item.source, [{ name, key: { ...scalar(value), value: name }, value }], item.start, item.end),
    reading,
  )
  const encrypt = values.entry('encrypt')
  const scheme = values.text('encrypt')
  if (encrypt !== undefined && scheme !== undefined && !schemes.includes(scheme))
    reading.add(
      `"encrypt" must be one of ${schemes.map((each) => `"${each}"`).join(', ')}`,
      placeOfValue(encrypt),
      didYouMean(scheme, schemes),
    )
  const yes = (keyword: string, otherwise: boolean): boolean =>
    toBoolean(values.nodeOf(keyword)?.value ?? otherwise) ?? otherwise
  const size = Number(values.text('salt_size'))
  return Object.freeze({
    name,
    prompt: values.text('prompt') ?? name,
    default: values.value('default'),
    private: yes('private', true),
    confirm: yes('confirm', false),
    encrypt: values.text('encrypt'),
    salt: values.text('salt'),
    saltSize: Number.isInteger(size) && size > 0 ? size : undefined,
  })
}

/** Hashes that passwords may have. */
const schemes = ['sha512_crypt', 'sha256_crypt', 'md5_crypt', 'bcrypt']

const scalar = ({ source, start, end }: YamlNode) => ({ kind: 'scalar', source, start, end, size: 1 }) as const
