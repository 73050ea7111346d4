import { expect, it } from 'vitest'
import { aptPackages, parseApt, parseRpms, rpmPackages } from '../../../modules/facts/package-list.ts'
import { packageManager } from '../../../modules/facts/package-manager.ts'
import packageFacts from '../../../modules/packages/package_facts.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

/** What a Debian 12 host prints, in part. */
const apt = `apt
deb\tacl\t2.3.1-3\tamd64\tutils\tinstalled\tacl
deb\tlibacl1\t2.3.1-3\tamd64\tlibs\tinstalled\tlibacl1:amd64
deb\town\t1.0\tall\tmisc\tinstalled\town
deb\tgone\t1.0\tall\tmisc\tconfig-files\tgone
archive Package files:
archive  100 /var/lib/dpkg/status
archive      release a=now
archive  500 http://deb.example.org/debian bookworm/main amd64 Packages
archive      release v=12.15,o=Debian,a=oldstable,n=bookworm,l=Debian,c=main,b=amd64
archive      origin deb.example.org
archive Pinned packages:
policy acl:
policy   Installed: 2.3.1-3
policy   Candidate: 2.3.2-1
policy   Version table:
policy      2.3.2-1 500
policy         500 http://other.example.org/debian bookworm/main amd64 Packages
policy  *** 2.3.1-3 500
policy         500 http://deb.example.org/debian bookworm/main amd64 Packages
policy         100 /var/lib/dpkg/status
policy libacl1:
policy   Installed: 2.3.1-3
policy   Version table:
policy  *** 2.3.1-3 500
policy         500 http://deb.example.org/debian bookworm/main amd64 Packages
policy own:
policy   Installed: 1.0
policy   Version table:
policy  *** 1.0 100
policy         100 /var/lib/dpkg/status
`
const acl = { source: 'apt', name: 'acl', version: '2.3.1-3', arch: 'amd64', category: 'utils', origin: 'Debian' }

it('reads what dpkg and apt say', () => {
  expect(parseApt(apt)).toEqual([
    acl,
    { ...acl, name: 'libacl1', category: 'libs', origin: 'Debian' },
    { ...acl, name: 'own', version: '1.0', arch: 'all', category: 'misc', origin: '' },
  ])
  expect(parseApt('')).toBeNull()
})

const rpms = parseRpms(
  'rpm\nkernel\t5.14.0\t1.el9\t(none)\tx86_64\nkernel\t5.14.0\t2.el9\t0\tx86_64\ngpg-pubkey\t1\t2\t(none)\t(none)\n',
)

it('reads what rpm says', () => {
  expect(rpms).toMatchObject([
    { name: 'kernel', release: '1.el9', epoch: null, arch: 'x86_64' },
    { release: '2.el9', epoch: 0 },
    { name: 'gpg-pubkey', arch: null },
  ])
  expect(parseRpms('')).toBeNull()
})

const host = (family: 'apt' | 'yum') =>
  new FakeHost([
    [packageManager(), family],
    [aptPackages(), parseApt(apt)],
    [rpmPackages(), rpms],
  ])
const names = async (args: object, family: 'apt' | 'yum' = 'apt'): Promise<readonly string[]> => {
  const { result } = await proposalOf(packageFacts, { ...args }, host(family))
  return Object.keys((result['ansible_facts'] as { packages: object }).packages).toSorted()
}

it('makes facts of those of the own family, or of those that are asked for', async () => {
  expect(await names({})).toEqual(['acl', 'libacl1', 'own'])
  expect(await names({}, 'yum')).toEqual(['gpg-pubkey', 'kernel'])
  expect(await names({ manager: 'rpm' })).toEqual(['gpg-pubkey', 'kernel'])
  expect(await names({ strategy: 'all' })).toEqual(['acl', 'gpg-pubkey', 'kernel', 'libacl1', 'own'])
})
it('has a list for each name', async () => {
  const { result } = await proposalOf(packageFacts, { manager: 'rpm' }, host('apt'))
  expect(result).toMatchObject({
    ansible_facts: { packages: { kernel: [{ release: '1.el9' }, { release: '2.el9' }] } },
  })
})
it('refuses what it cannot read', async () => {
  expect(await planOf(packageFacts, { manager: 'pkg' }, host('apt'))).toMatchObject({ kind: 'refusal' })
  const bare = new FakeHost([
    [packageManager(), 'none'],
    [aptPackages(), null],
    [rpmPackages(), null],
  ])
  expect(await planOf(packageFacts, {}, bare)).toMatchObject({ kind: 'refusal' })
})
