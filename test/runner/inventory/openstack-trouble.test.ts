import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { startCloud } from './cloud.ts'
import { clouds, db, hostsOf, load, PLUGIN } from './clouds.ts'
import { show, writeFiles } from './files.ts'

describe('a cloud that gives no servers', () => {
  it('does not take the password, which is not shown', async () => {
    const { url } = await startCloud()
    const said = await problemsOf({ 'clouds.yaml': clouds(url, { pass: 'wrong one' }) })
    expect(said).toBe(
      'openstack.yml:1:9: cloud "lab": Keystone does not let in the user admin: check name, password, domains and project: The request you have made requires authentication: ********',
    )
  })

  it('has no compute endpoint', async () => {
    const { url } = await startCloud({ services: ['network'] })
    expect(await problemsOf({ 'clouds.yaml': clouds(url) })).toBe(
      'openstack.yml:1:9: cloud "lab": the catalogue has no public endpoint of a compute service; it has network: is the cloud one with servers?',
    )
  })

  it('has none in the region', async () => {
    const { url } = await startCloud()
    expect(await problemsOf({ 'clouds.yaml': clouds(url, { more: '    region_name: Nowhere\n' }) })).toContain(
      'the catalogue has no public endpoint of a compute service in region Nowhere, but internal in RegionOne, public in RegionOne, internal in RegionTwo, public in RegionTwo: check region_name and interface',
    )
  })

  it.each([
    [
      403,
      'cannot list the servers at URL/compute/v2.1: the user admin may not (status 403): give it a role in its project; all_projects needs admin',
    ],
    [500, 'cannot list the servers at URL/compute/v2.1: Nova itself failed with status 500: see its log'],
  ])('answers with status %i', async (status, message) => {
    const { url } = await startCloud({ nova: (response) => void response.writeHead(status).end('{}') })
    expect(await problemsOf({ 'clouds.yaml': clouds(url) })).toBe(
      `openstack.yml:1:9: cloud "lab": ${message.replace('URL', url)}`,
    )
  })

  it('answers with a web page', async () => {
    const { url } = await startCloud({ nova: (response) => void response.end('<html>') })
    expect(await problemsOf({ 'clouds.yaml': clouds(url) })).toContain(
      `${url}/compute/v2.1 answers with something that is no JSON`,
    )
  })

  it('does not listen', async () => {
    const url = await deadUrl()
    expect(await problemsOf({ 'clouds.yaml': clouds(url) })).toContain(
      `cloud "lab": Keystone cannot be reached: ${url}: nothing answers at `,
    )
  })

  it('is not described, or not as it must be', async () => {
    expect(await problemsOf({ 'clouds.yaml': 'clouds: {}\n' })).toContain(
      'clouds.yaml describes no cloud under "clouds:"',
    )
    expect(await problemsOf({ 'clouds.yaml': 'clouds:\n  lab: {auth: {password: "hush}}\n' })).toMatch(
      /clouds\.yaml cannot be read: it is no YAML in line \d+$/,
    )
    expect(await problemsOf({ 'clouds.yaml': 'clouds: {lab: {auth: {auth_url: "http://127.0.0.1:1"}}}\n' })).toContain(
      'cloud "lab": auth needs username and password',
    )
    const unknown = await load({
      'openstack.yml': `${PLUGIN}only_clouds: x\n`,
      'clouds.yaml': clouds('http://127.0.0.1:1'),
    })
    expect(unknown.problems.map(show).join()).toMatch(/no cloud is called x in .*clouds\.yaml: there are lab$/)
  })

  it('is a warning where another one answers, unless fail_on_errors says otherwise', async () => {
    const { url } = await startCloud({ pages: [[db]] })
    const both = `${clouds(url)}${clouds(url, { pass: 'wrong one' }).replace('clouds:\n', '').replace('lab', 'shut')}`
    const loaded = await load({ 'openstack.yml': PLUGIN, 'clouds.yaml': both })
    expect([hostsOf(loaded), loaded.problems]).toEqual([['db'], []])
    expect(loaded.warnings.map(show)).toEqual([expect.stringContaining('cloud "shut": Keystone does not let in')])
    const strict = await load({ 'openstack.yml': `${PLUGIN}fail_on_errors: true\n`, 'clouds.yaml': both })
    expect([hostsOf(strict), strict.problems.length, strict.warnings]).toEqual([[], 1, []])
  })
})

it('does not take a source that nobody has asked for for an empty cloud', () => {
  const cwd = writeFiles({ 'openstack.yml': PLUGIN })
  const { problems } = loadInventory(['openstack.yml'], { cwd })
  expect(problems.map(show)).toEqual(['openstack.yml:1:9: the clouds have not been asked'])
})

it('finds mistakes in the file, and then asks nobody', async () => {
  const cloud = await startCloud()
  const text = `${PLUGIN}privat: true\nshow_all: maybe\ninventory_hostname: id\nonly_clouds: [1]\ncache: true\ncache_timeout: 60\n`
  const { problems } = await load({ 'openstack.yml': text, 'clouds.yaml': clouds(cloud.url) })
  expect(problems.map(show)).toEqual([
    'openstack.yml:2:1: unknown key "privat" of openstack (did you mean "private"?)',
    'openstack.yml:6:1: "cache" is not supported',
    'openstack.yml:4:21: "inventory_hostname" is not name or uuid (write name or uuid)',
    'openstack.yml:5:14: "only_clouds" is not a list of texts (write "- text")',
    'openstack.yml:3:11: "show_all" is not true or false (write true or false)',
  ])
  expect(cloud.asked).toEqual([])
})

/** What is said of a source without hosts. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  const loaded = await load({ 'openstack.yml': PLUGIN, ...files })
  expect([hostsOf(loaded), loaded.warnings]).toEqual([[], []])
  return loaded.problems.map(show).join('\n')
}

/** A url on which nothing listens any more. */
async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}
