import { basename, resolve } from 'node:path'
import type { SourceFile } from '../../language/source.ts'
import { parseYaml } from '../../language/yaml.ts'
import type { Vault } from '../../language/vault.ts'
import { loadSource } from '../../vars/vars-file.ts'
import { filesOf } from '../files.ts'
import type { CloudAnswers, SourceAnswer } from './answer.ts'
import type { Surroundings } from './clouds.ts'
import { isOpenstack, openstackOptions, type OpenstackOptions } from './options.ts'

/** Asks the clouds that inventory sources stand for, all at once, for their servers. What goes wrong is among the answers; sources that cannot be read have none. */
export async function askClouds(
  sources: readonly string[],
  { vault, ...around }: Surroundings & { readonly vault?: Vault | undefined },
): Promise<CloudAnswers> {
  const files = sources
    .filter((source) => !source.includes(','))
    .flatMap((source) => filesOf(resolve(around.cwd, source)))
  const asked = [...new Set(files)].flatMap((path) => {
    const options = optionsIn(path, around.cwd, vault)
    return options === undefined ? [] : [answerFor(options, around).then((answer) => [path, answer] as const)]
  })
  return new Map(await Promise.all(asked))
}

/** The options of a source that is a list of clouds and has no mistake. */
function optionsIn(path: string, cwd: string, vault: Vault | undefined): OpenstackOptions | undefined {
  const source = loadSource(path, cwd, vault)
  if ('message' in source || !mayBeClouds(source)) return undefined
  const { root } = parseYaml(source)
  if (root?.kind !== 'map' || !isOpenstack(root)) return undefined
  const { options, problems } = openstackOptions(root)
  return problems.length === 0 ? options : undefined
}

/** Most sources are something else, and some are large: those are parsed once, when the inventory is read. */
const mayBeClouds = ({ path, text }: SourceFile): boolean =>
  !text.startsWith('#!') && (/openstack\.ya?ml$/.test(basename(path)) || /\bplugin\b[^]{0,80}?\bopenstack\b/.test(text))

async function answerFor(options: OpenstackOptions, around: Surroundings): Promise<SourceAnswer> {
  const { cloudsFor } = await import('./clouds.ts')
  const clouds = cloudsFor(options, around)
  if (typeof clouds === 'string') return clouds
  const { askCloud } = await import('./ask-cloud.ts')
  return Promise.all(clouds.map((cloud) => askCloud(cloud, options)))
}
