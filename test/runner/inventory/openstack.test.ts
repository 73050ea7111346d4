import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fixed, floating, nova, password, secret, startCloud } from './cloud.ts'
import { clouds, db, hostsOf, load, PLUGIN, variable } from './clouds.ts'
import { show, writeFiles } from './files.ts'

const web = nova('1', 'web', {
  addresses: { lan: [fixed('10.0.0.1'), floating('203.0.113.1')] },
  metadata: { group: 'front', groups: 'a, b', role: 'web' },
})

describe('servers of OpenStack', () => {
  it('are hosts of all pages, in groups', async () => {
    const cloud = await startCloud({ pages: [[web], [db]] })
    const loaded = await load({ 'openstack.yml': PLUGIN, 'clouds.yaml': clouds(cloud.url) })
    expect([loaded.problems, loaded.warnings]).toEqual([[], []])
    expect(hostsOf(loaded)).toEqual(['web', 'db'])
    expect(loaded.inventory.hosts.get('web')?.groups.toSorted()).toEqual(
      [
        'all',
        'lab',
        'RegionOne',
        'lab_RegionOne',
        'front',
        'a',
        'b',
        'instance-1',
        'flavor-42',
        'flavor-m1.tiny',
        'image-img-1',
        'meta-group_front',
        'meta-groups_a, b',
        'meta-role_web',
        'nova',
        'RegionOne_nova',
        'lab_RegionOne_nova',
      ].toSorted(),
    )
    expect(variable(loaded, 'web', 'ansible_host')).toBe('203.0.113.1')
    expect(variable(loaded, 'db', 'ansible_ssh_host')).toBe('10.0.0.2')
    expect(variable(loaded, 'web', 'openstack')).toMatchObject({
      cloud: 'lab',
      region: 'RegionOne',
      az: 'nova',
      flavor: { id: '42', name: 'm1.tiny' },
      image: { id: 'img-1' },
      networks: { lan: ['10.0.0.1', '203.0.113.1'] },
      public_v4: '203.0.113.1',
      private_v4: '10.0.0.1',
    })
    expect(cloud.asked.filter((line) => line.startsWith('GET'))).toEqual([
      'GET /compute/v2.1/servers/detail',
      'GET /compute/v2.1/servers/detail?marker=1',
      'GET /compute/v2.1/flavors/detail?is_public=None',
    ])
  })

  it('are printed by drover inventory --list', async () => {
    const cloud = await startCloud({ pages: [[nova('1', 'web', { metadata: { motd: '{{ 7 * 7 }}' } })]] })
    const text = `${PLUGIN}legacy_groups: false\nkeyed_groups: [{key: openstack.flavor.name, prefix: size}]\ncompose: {ansible_user: "'debian'"}\n`
    const cwd = writeFiles({ 'lab.openstack.yml': text, 'clouds.yaml': clouds(cloud.url) })
    const { stdout } = await drover(cwd, ['inventory', '-i', 'lab.openstack.yml', '--list'])
    expect(stdout).toMatchInlineSnapshot(`
      "{
          "_meta": {
              "hostvars": {
                  "web": {
                      "ansible_host": "10.0.0.1",
                      "ansible_ssh_host": "10.0.0.1",
                      "ansible_user": "debian",
                      "openstack": {
                          "OS-EXT-AZ:availability_zone": "nova",
                          "accessIPv4": "",
                          "accessIPv6": "",
                          "addresses": {
                              "lan": [
                                  {
                                      "OS-EXT-IPS:type": "fixed",
                                      "addr": "10.0.0.1",
                                      "version": 4
                                  }
                              ]
                          },
                          "az": "nova",
                          "cloud": "lab",
                          "flavor": {
                              "id": "42",
                              "name": "m1.tiny"
                          },
                          "id": "1",
                          "image": {
                              "id": "img-1"
                          },
                          "interface_ip": "10.0.0.1",
                          "metadata": {
                              "motd": {
                                  "__ansible_unsafe": "{{ 7 * 7 }}"
                              }
                          },
                          "name": "web",
                          "networks": {
                              "lan": [
                                  "10.0.0.1"
                              ]
                          },
                          "private_v4": "10.0.0.1",
                          "public_v4": "10.0.0.1",
                          "public_v6": "",
                          "region": "RegionOne",
                          "status": "ACTIVE"
                      }
                  }
              }
          },
          "all": {
              "children": [
                  "ungrouped",
                  "size_m1_tiny"
              ]
          },
          "size_m1_tiny": {
              "hosts": [
                  "web"
              ]
          }
      }
      "
    `)
  }, 70_000)

  it('are hosts of a run', async () => {
    const cloud = await startCloud({ pages: [[web, db]] })
    const play = '- hosts: front\n  tasks: [{debug: {msg: x}}]\n'
    const cwd = writeFiles({ 'openstack.yml': PLUGIN, 'clouds.yaml': clouds(cloud.url), 'play.yml': play })
    const { stdout } = await drover(cwd, ['run', 'play.yml', '-i', 'openstack.yml', '--list-hosts'])
    expect(stdout).toMatch(/^\s*web$/m)
    expect(stdout).not.toContain('db')
  }, 70_000)

  it.each([
    ['', ['web', 'db'], '203.0.113.1'],
    ['private: true', ['web', 'db'], '10.0.0.1'],
    ['use_names: true', ['web', 'db'], 'web'],
    ['show_all: true', ['web', 'db', 'off', 'bare'], '203.0.113.1'],
    ['inventory_hostname: uuid', ['1', '22'], undefined],
  ])('are the ones, and have the addresses, that are wanted: %s', async (option, names, address) => {
    const cloud = await startCloud({
      pages: [[web, db, nova('3', 'off', { status: 'SHUTOFF' }), nova('4', 'bare', { addresses: {} })]],
    })
    const loaded = await load({ 'openstack.yml': `${PLUGIN}${option}\n`, 'clouds.yaml': clouds(cloud.url) })
    expect(hostsOf(loaded)).toEqual(names)
    expect(variable(loaded, 'web', 'ansible_host')).toBe(address)
  })

  it('are named by id, in a group with their name, where a name stands twice', async () => {
    const cloud = await startCloud({ pages: [[nova('1', 'web'), nova('2', 'web'), db]] })
    const loaded = await load({ 'openstack.yml': PLUGIN, 'clouds.yaml': clouds(cloud.url) })
    expect(hostsOf(loaded)).toEqual(['1', '2', 'db'])
    expect(loaded.inventory.groups.get('web')?.hosts).toEqual(['1', '2'])
  })

  it('prefer the access address, and take one of IPv6 where there is no other', async () => {
    const six = { addresses: { lan: [{ addr: '2001:db8::2', version: 6, 'OS-EXT-IPS:type': 'fixed' }] } }
    const cloud = await startCloud({ pages: [[nova('1', 'a', { accessIPv4: '192.0.2.9' }), nova('2', 'b', six)]] })
    const loaded = await load({ 'openstack.yml': PLUGIN, 'clouds.yaml': clouds(cloud.url) })
    expect(['a', 'b'].map((host) => variable(loaded, host, 'ansible_host'))).toEqual(['192.0.2.9', '2001:db8::2'])
  })

  it('of all projects, and with the names of images', async () => {
    const cloud = await startCloud({ pages: [[db]] })
    const text = `${PLUGIN}all_projects: true\nexpand_hostvars: true\n`
    const loaded = await load({ 'openstack.yml': text, 'clouds.yaml': clouds(cloud.url) })
    expect(loaded.inventory.groups.get('image-debian-13')?.hosts).toEqual(['db'])
    expect(cloud.asked).toContain('GET /compute/v2.1/servers/detail?all_tenants=1')
  })

  it('of the region that clouds.yaml says, with a password from secure.yaml', async () => {
    const cloud = await startCloud({ pages: [[db]] })
    const loaded = await load({
      'openstack.yml': PLUGIN,
      'clouds.yaml': clouds(cloud.url, { pass: '', more: '    region_name: RegionTwo\n    interface: internal\n' }),
      'secure.yaml': `clouds: {lab: {auth: {password: ${JSON.stringify(password)}}}}\n`,
    })
    expect(loaded.inventory.groups.get('lab_RegionTwo')?.hosts).toEqual(['db'])
  })

  it('of the cloud in the environment, with an application credential', async () => {
    const cloud = await startCloud({ pages: [[db]] })
    const environment = {
      OS_AUTH_URL: `${cloud.url}/identity/v3`,
      OS_APPLICATION_CREDENTIAL_ID: 'i',
      OS_APPLICATION_CREDENTIAL_SECRET: secret,
    }
    const loaded = await load({ 'x.yml': 'plugin: openstack\n' }, 'x.yml', environment)
    expect(loaded.inventory.groups.get('envvars')?.hosts).toEqual(['db'])
  })

  it('of the clouds that are named', async () => {
    const cloud = await startCloud({ pages: [[db]] })
    const text = 'only_clouds: [other]\nclouds_yaml_path: [etc/mine.yaml]\n'
    const both = `${clouds(cloud.url)}${clouds(cloud.url).replace('clouds:\n', '').replace('lab', 'other')}`
    const loaded = await load({ 'openstack.yaml': text, 'etc/mine.yaml': both }, 'openstack.yaml')
    expect(loaded.problems.map(show)).toEqual([])
    expect([loaded.inventory.groups.has('lab'), loaded.inventory.groups.has('other')]).toEqual([false, true])
  })

  it('compose variables for themselves alone', async () => {
    const cloud = await startCloud({ pages: [[db]] })
    const files = {
      'i/a': 'old\n',
      'i/openstack.yml': `${PLUGIN}compose: {x: "1"}\ngroups: {mine: openstack.name == 'db', all_of: true}\n`,
      'clouds.yaml': clouds(cloud.url),
    }
    const loaded = await load(files, 'i')
    expect([variable(loaded, 'db', 'x'), variable(loaded, 'old', 'x')]).toEqual([1, undefined])
    expect(loaded.inventory.groups.get('mine')?.hosts).toEqual(['db'])
    expect(loaded.inventory.groups.get('all_of')?.hosts).toEqual(['db'])
  })

  it('are those of a cloud whose certificate a private authority signed, or that is not checked', async () => {
    const tls = certificate()
    const cloud = await startCloud({ pages: [[db]], tls })
    const said = async (more: string): Promise<readonly string[]> => {
      const files = { 'openstack.yml': PLUGIN, 'clouds.yaml': clouds(cloud.url, { more }), 'ca.pem': tls.cert }
      const loaded = await load(files)
      return [...hostsOf(loaded), ...loaded.problems.map(show)]
    }
    expect(await said('    cacert: ca.pem\n')).toEqual(['db'])
    expect(await said('    verify: false\n')).toEqual(['db'])
    expect(await said('')).toEqual([expect.stringContaining('self-signed certificate')])
    expect(await said('    cacert: nope.pem\n')).toEqual([
      expect.stringContaining('the certificates of a cloud cannot be read: ENOENT'),
    ])
  })

  it('are in groups by their properties in the example that comes with drover', async () => {
    const cloud = await startCloud({ pages: [[web, db]] })
    const loaded = await load(
      {
        'x.yml': readFileSync('inventory/openstack-example.yml', 'utf8'),
        'clouds.yaml': clouds(cloud.url),
      },
      'x.yml',
    )
    expect([loaded.problems, loaded.warnings]).toEqual([[], []])
    expect(loaded.inventory.groups.get('role_web')?.hosts).toEqual(['web'])
    expect(variable(loaded, 'db', 'ansible_user')).toBe('debian')
  })

  it('leave an inventory of hosts alone that is called so', async () => {
    expect(hostsOf(await load({ 'openstack.yml': 'nova: {hosts: {compute1: }}\n' }))).toEqual(['compute1'])
  })
})

/** Runs drover while this process goes on, being the cloud. */
function drover(cwd: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  const main = fileURLToPath(new URL('../../../runner/cli/main.ts', import.meta.url))
  const line = ['--import', import.meta.resolve('tsx'), main, ...args]
  const env = { PATH: process.env['PATH'], HOME: cwd }
  return promisify(execFile)(process.execPath, line, { cwd, timeout: 60_000, env })
}

/** A key, and a certificate for 127.0.0.1 that it signed itself. */
function certificate(): { readonly key: string; readonly cert: string } {
  const cwd = writeFiles({})
  const line =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -subj /CN=cloud -addext'
  execFileSync('openssl', [...line.split(' '), 'subjectAltName=IP:127.0.0.1'], { cwd, stdio: 'pipe' })
  return { key: readFileSync(join(cwd, 'key.pem'), 'utf8'), cert: readFileSync(join(cwd, 'cert.pem'), 'utf8') }
}
