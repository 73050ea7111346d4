import {
  Scalar,
  parse,
  parseAllDocuments,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
  type Tags,
} from 'yaml'
import { tooDeep } from '../../language/depth.ts'
import { fail, float } from './types.ts'

const floatTag = 'tag:yaml.org,2002:float'

/** YAML 1.1 as PyYAML reads it, but dates stay text: they become that anyway where they leave a template. */
const options: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  customTags: (tags) => tags.flatMap(adapted),
}

function adapted(tag: Tags[number]): Tags {
  if (typeof tag === 'string' || tag.tag === 'tag:yaml.org,2002:timestamp') return typeof tag === 'string' ? [tag] : []
  if (tag.tag !== floatTag || tag.collection !== undefined) return [tag]
  const resolve = (text: string, ...rest: [onError: (message: string) => void, options: ParseOptions]): unknown => {
    // PyYAML takes a number without a point, like 1e3, for text.
    if (!text.includes('.')) return text
    const read: unknown = tag.resolve?.(text, ...rest)
    return float(Number(read instanceof Scalar ? read.value : read))
  }
  return [{ ...tag, resolve }]
}

function reading<T>(text: string, read: () => T): T {
  if (tooDeep(text) !== undefined) fail('this YAML is nested too deeply to be read')
  try {
    return read()
  } catch (error) {
    return fail(`this is not YAML: ${error instanceof Error ? error.message : ''}`)
  }
}

/** The value of a YAML document; floats without a fraction stay floats. Throws for text that is no YAML. */
export function readYaml(text: string): unknown {
  return reading(text, () => parse(text, options) as unknown)
}

/** The values of a stream of YAML documents. */
export function readYamlDocuments(text: string): unknown[] {
  return reading(text, () => {
    const documents = parseAllDocuments(text, options)
    return (Array.isArray(documents) ? documents : []).map((document) => {
      const [error] = document.errors
      if (error) throw error
      return document.toJS() as unknown
    })
  })
}
