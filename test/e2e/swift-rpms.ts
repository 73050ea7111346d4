import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../lab/node.ts'
import { offerRpms, unit, type RpmPackage } from './build-rpms.ts'

const FILTERS =
  'catch_errors healthcheck cache authtoken keystoneauth container_sync bulk ratelimit staticweb tempurl slo formpost account_quotas container_quotas'
const sections = FILTERS.split(' ')
  .filter((name) => name !== 'authtoken')
  .map((name) => {
    const more = name === 'keystoneauth' ? 'operator_roles = admin, SwiftOperator\n' : ''
    return `[filter:${name}]\nuse = egg:swift#${name === 'cache' ? 'memcache' : name}\n${more}`
  })
/** What packstack leaves on the storage node, in little: authtoken looks for Keystone on its own host. */
const proxyConf = `[DEFAULT]
bind_port = 8080
workers = 1
user = swift

[pipeline:main]
pipeline = ${FILTERS} proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

${sections.join('\n')}
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
identity_uri = http://127.0.0.1:35357/
auth_uri = http://127.0.0.1:5000
`

/** The document's, once Swift is where it says, and speaks S3. */
export const documentedConf = (controller: string, password: string): string =>
  `${proxyConf
    .replace('cache authtoken', 'cache swift3 s3token authtoken')
    .replaceAll('127.0.0.1', controller)}log_name = swift
signing_dir = /var/cache/swift
admin_tenant_name = services
admin_user = swift
delay_auth_decision = true
cache = swift.cache
include_service_catalog = False
admin_password = ${password}

[filter:swift3]
use = egg:swift3#swift3

[filter:s3token]
paste.filter_factory = keystonemiddleware.s3_token:filter_factory
auth_port = 35357
auth_host = ${controller}
auth_protocol = http
`

const python = '/usr/lib/python3/dist-packages'
const sitePackages = '/usr/lib/python2.7/site-packages'
const swift = (name: string): RpmPackage => ({
  files: {
    [`/usr/lib/systemd/system/openstack-swift-${name}.service`]: unit(
      `/usr/bin/swift-${name}-server /etc/swift/${name}-server.conf`,
      'swift',
    ),
  },
})

/** Packages by the names of the document's platform; Swift's own programs, git and Python are those of Debian. */
const packages: Readonly<Record<string, RpmPackage>> = {
  'openstack-swift-proxy': swift('proxy'),
  'openstack-swift-account': swift('account'),
  'openstack-swift-container': swift('container'),
  'openstack-swift-object': swift('object'),
  git: { takes: ['/usr/bin/git'] },
  // What is installed with it goes to where CentOS has it.
  python: {
    programs: { '/usr/bin/python': '#!/bin/sh\nexec /usr/bin/python3 "$@"' },
    files: { [`${python}/python2.7.pth`]: sitePackages, [`${sitePackages}/README`]: 'for packages of Python' },
  },
  'python-setuptools': {
    requires: ['python'],
    files: { [`${python}/setuptools/_distutils/distutils.cfg`]: `[install]\ninstall_lib = ${sitePackages}` },
    takes: [`${python}/setuptools`],
  },
}

/**
 * Makes a node with Swift into what packstack leaves on CentOS 7, in little: dnf with the packages of the document, of which Swift's are
 * installed and run. git and setuptools are not.
 */
export async function likeCentos(node: LabNode): Promise<void> {
  await offerRpms(node, packages)
  await node.sh('cat >/root/proxy-server.conf', { input: proxyConf })
  await node.sh(
    `set -e
    old='swift-proxy swift-account swift-container swift-object'
    systemctl stop $old
    for name in $old; do rm /lib/systemd/system/$name.service; done
    dnf --quiet -y install openstack-swift-proxy openstack-swift-account openstack-swift-container openstack-swift-object python
    install -m 640 -o root -g swift /root/proxy-server.conf /etc/swift/proxy-server.conf
    rm -rf /var/cache/swift /etc/debian_version
    printf 'NAME="CentOS Linux"\\nVERSION="7 (Core)"\\nID="centos"\\nID_LIKE="rhel fedora"\\nVERSION_ID="7"\\n' >/usr/lib/os-release
    tee /etc/centos-release >/etc/redhat-release <<'END'
CentOS Linux release 7.9.2009 (Core)
END
    systemctl --quiet enable --now memcached openstack-swift-proxy openstack-swift-account openstack-swift-container openstack-swift-object
    for tries in $(seq 500); do ! curl -sf -o /dev/null http://127.0.0.1:8080/healthcheck || exit 0; sleep 0.2; done
    exit 1`,
    { timeout: 120_000 },
  )
}

/** Takes away what the playbooks have done. */
export const AS_AT_FIRST = `set -e
systemctl stop openstack-swift-proxy
dnf --quiet -y remove git python-setuptools
rm -rf /usr/local/src/swift3 ${sitePackages}/swift3* /var/cache/swift
install -m 640 -o root -g swift /root/proxy-server.conf /etc/swift/proxy-server.conf
systemctl start openstack-swift-proxy`

const swift3 = join(import.meta.dirname, 'swift3')

/** Serves Swift3's sources from a node, as a repository of git with eight commits after the last release; gives its address. */
export async function serveSwift3(node: LabNode): Promise<string> {
  const files = readdirSync(swift3, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const written = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name)
    return `install -D -m 644 /dev/stdin ${path.slice(swift3.length + 1)} <<'FILE'\n${readFileSync(path, 'utf8')}FILE`
  })
  await node.sh('cat >/root/swift3.sh', { input: written.join('\n') })
  await node.sh(`set -e
    git config --global user.name swift3; git config --global user.email swift3@example.org
    git init -q -b master /srv/stackforge/swift3.git
    cd /srv/stackforge/swift3.git
    sh -e /root/swift3.sh
    git add . && git commit -qm 'Release it' && git tag -a -m 1.7.0 1.7.0
    for commit in 1 2 3 4 5 6 7 8; do git commit -q --allow-empty -m "Improve it ($commit)"; done
    systemd-run --quiet --unit swift3 git daemon --export-all --base-path=/srv`)
  return `git://${node.address}/stackforge/swift3.git`
}
