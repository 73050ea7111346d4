import { basename } from 'node:path'
import type { Json } from '../../../schema/infer.ts'
import { didYouMean } from '../../../schema/nearest.ts'
import { entryOf, type MapNode, place, placeOfValue } from '../../language/node.ts'
import type { Problem } from '../../language/source.ts'

/** What a source says of the clouds that it stands for; `compose`, `groups` and `keyed_groups` are read where they are used. */
export interface OpenstackOptions {
  /** Looked for before the usual places. */
  readonly cloudFiles: readonly string[]
  /** All where empty. */
  readonly onlyClouds: readonly string[]
  readonly showAll: boolean
  readonly named: 'name' | 'uuid'
  readonly expandHostvars: boolean
  readonly failOnErrors: boolean
  readonly allProjects: boolean
  readonly private: boolean
  readonly useNames: boolean
  readonly legacyGroups: boolean
}

const PLUGINS: ReadonlySet<unknown> = new Set(['openstack', 'openstack.cloud.openstack'])
const FLAGS = [
  'show_all',
  'expand_hostvars',
  'fail_on_errors',
  'all_projects',
  'private',
  'use_names',
  'legacy_groups',
  'strict',
  'leading_separator',
] as const
const LISTS = ['clouds_yaml_path', 'only_clouds'] as const
const CONSTRUCTED = ['compose', 'groups', 'keyed_groups'] as const
const KEYS = ['plugin', 'inventory_hostname', ...FLAGS, ...LISTS, ...CONSTRUCTED]
/** What Ansible has and drover has not: each run asks anew. */
const REFUSED: ReadonlySet<string> = new Set(['cache', 'use_extra_vars'])
/** Settings of a cache that is off. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'cache_connection',
  'cache_plugin',
  'cache_prefix',
  'cache_timeout',
])

/** Whether a source lists the servers of clouds: its `plugin` says so or, where it has none, its name and what is in it. */
export function isOpenstack(root: MapNode): boolean {
  const plugin = entryOf(root, 'plugin')?.value.value
  if (typeof plugin === 'string') return PLUGINS.has(plugin)
  return (
    /^(?:.+\.)?openstack\.ya?ml$/.test(basename(root.source.path)) &&
    plugin === undefined &&
    root.entries.every(({ name }) => KEYS.includes(name))
  )
}

/** What the source says, and what is wrong with it. https://docs.ansible.com/ansible/latest/collections/openstack/cloud/openstack_inventory.html */
export function openstackOptions(root: MapNode): {
  readonly options: OpenstackOptions
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  for (const { name, key, value } of root.entries) {
    if (WITHOUT_EFFECT.has(name)) continue
    if (REFUSED.has(name)) {
      if (value.value === true) problems.push({ message: `"${name}" is not supported`, at: place(key) })
    } else if (!KEYS.includes(name))
      problems.push({ message: `unknown key "${name}" of openstack`, at: place(key), hint: didYouMean(name, KEYS) })
  }
  const wrong = (name: string, what: string, hint: string): void => {
    const entry = entryOf(root, name)
    if (entry !== undefined) problems.push({ message: `"${name}" is not ${what}`, at: placeOfValue(entry), hint })
  }
  const given = (name: string): Json => entryOf(root, name)?.value.value ?? null
  const flag = (name: (typeof FLAGS)[number], otherwise = false): boolean => {
    const value = given(name)
    if (value !== null && typeof value !== 'boolean') wrong(name, 'true or false', 'write true or false')
    return typeof value === 'boolean' ? value : otherwise
  }
  const texts = (name: (typeof LISTS)[number]): readonly string[] => {
    const value = given(name)
    const list = Array.isArray(value) ? (value as readonly Json[]) : value === null ? [] : [value]
    if (!list.every((item) => typeof item === 'string')) wrong(name, 'a list of texts', 'write "- text"')
    return list.filter((item) => typeof item === 'string')
  }
  const named = given('inventory_hostname') ?? 'name'
  if (named !== 'name' && named !== 'uuid') wrong('inventory_hostname', 'name or uuid', 'write name or uuid')
  const options: OpenstackOptions = {
    cloudFiles: texts('clouds_yaml_path'),
    onlyClouds: texts('only_clouds'),
    showAll: flag('show_all'),
    named: named === 'uuid' ? 'uuid' : 'name',
    expandHostvars: flag('expand_hostvars'),
    failOnErrors: flag('fail_on_errors'),
    allProjects: flag('all_projects'),
    private: flag('private'),
    useNames: flag('use_names'),
    legacyGroups: flag('legacy_groups', true),
  }
  return { options, problems }
}
