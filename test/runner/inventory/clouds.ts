import { loadInventory, type LoadedInventory } from '../../../runner/inventory/load.ts'
import { askClouds } from '../../../runner/inventory/openstack/ask-clouds.ts'
import { nova, password } from './cloud.ts'
import { writeFiles } from './files.ts'

export const PLUGIN = 'plugin: openstack.cloud.openstack\n'

/** A clouds.yaml with a cloud `lab` that is asked at a url. */
export const clouds = (url: string, { pass = password, more = '' } = {}): string =>
  `clouds:\n  lab:\n    auth:\n      auth_url: ${url}/identity\n      username: admin\n      password: ${JSON.stringify(pass)}\n      project_name: admin\n${more}`

/** The inventory that a source among files makes, its clouds asked. */
export async function load(
  files: Readonly<Record<string, string>>,
  source = 'openstack.yml',
  environment: NodeJS.ProcessEnv = {},
): Promise<LoadedInventory> {
  const cwd = writeFiles(files)
  // What is in the home of whoever runs the tests is not looked at.
  const answers = await askClouds([source], { cwd, environment: { XDG_CONFIG_HOME: cwd, ...environment } })
  return loadInventory([source], { cwd, clouds: answers })
}

export const hostsOf = ({ inventory }: LoadedInventory) => [...inventory.hosts.keys()]
export const variable = ({ inventory }: LoadedInventory, host: string, name: string) =>
  inventory.hosts.get(host)?.vars.get(name)?.value

export const db = nova('22', 'db')
