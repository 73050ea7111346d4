import command from './commands/command.ts'
import raw from './commands/raw.ts'
import script from './commands/script.ts'
import shell from './commands/shell.ts'
import waitFor from './commands/wait_for.ts'
import waitForConnection from './commands/wait_for_connection.ts'
import assemble from './files/assemble.ts'
import blockinfile from './files/blockinfile.ts'
import copy from './files/copy.ts'
import fetch from './files/fetch.ts'
import file from './files/file.ts'
import find from './files/find.ts'
import iniSet from './files/ini_set.ts'
import lineinfile from './files/lineinfile.ts'
import replace from './files/replace.ts'
import slurp from './files/slurp.ts'
import stat from './files/stat.ts'
import tempfile from './files/tempfile.ts'
import template from './files/template.ts'
import galeraCheck from './database/galera_check.ts'
import mysqlDb from './database/mysql_db.ts'
import mysqlQuery from './database/mysql_query.ts'
import mysqlUser from './database/mysql_user.ts'
import mysqlVariables from './database/mysql_variables.ts'
import openstackEc2Credential from './openstack/openstack_ec2_credential.ts'
import openstackEndpoint from './openstack/openstack_endpoint.ts'
import openstackFloatingIp from './openstack/openstack_floating_ip.ts'
import openstackLoadbalancer from './openstack/openstack_loadbalancer.ts'
import openstackService from './openstack/openstack_service.ts'
import s3BucketInfo from './openstack/s3_bucket_info.ts'
import s3ObjectInfo from './openstack/s3_object_info.ts'
import swiftAccountInfo from './openstack/swift_account_info.ts'
import swiftPipeline from './openstack/swift_pipeline.ts'
import apt from './packages/apt.ts'
import aptRepository from './packages/apt_repository.ts'
import packageModule from './packages/package.ts'
import packageFacts from './packages/package_facts.ts'
import pip from './packages/pip.ts'
import rpmKey from './packages/rpm_key.ts'
import yum from './packages/yum.ts'
import yumRepository from './packages/yum_repository.ts'
import iptables from './network/iptables.ts'
import filesystem from './storage/filesystem.ts'
import fstab from './storage/fstab.ts'
import partition from './storage/partition.ts'
import swapfile from './storage/swapfile.ts'
import authorizedKey from './system/authorized_key.ts'
import cron from './system/cron.ts'
import getent from './system/getent.ts'
import group from './system/group.ts'
import hostname from './system/hostname.ts'
import knownHosts from './system/known_hosts.ts'
import ping from './system/ping.ts'
import reboot from './system/reboot.ts'
import selinux from './system/selinux.ts'
import selinuxBoolean from './system/selinux_boolean.ts'
import selinuxFcontext from './system/selinux_fcontext.ts'
import selinuxPort from './system/selinux_port.ts'
import selinuxRestorecon from './system/selinux_restorecon.ts'
import serviceFacts from './system/service_facts.ts'
import setup from './system/setup.ts'
import sysctl from './system/sysctl.ts'
import systemd from './system/systemd.ts'
import timezone from './system/timezone.ts'
import user from './system/user.ts'
import getUrl from './network/get_url.ts'
import uri from './network/uri.ts'
import unarchive from './files/unarchive.ts'
import git from './files/git.ts'
import archive from './files/archive.ts'
import type { Module } from './module.ts'

/** All modules, by name. */
export const modules: readonly Module[] = [
  apt,
  aptRepository,
  archive,
  assemble,
  authorizedKey,
  blockinfile,
  command,
  copy,
  cron,
  fetch,
  file,
  filesystem,
  find,
  fstab,
  galeraCheck,
  getent,
  getUrl,
  git,
  group,
  hostname,
  iniSet,
  iptables,
  knownHosts,
  lineinfile,
  mysqlDb,
  mysqlQuery,
  mysqlUser,
  mysqlVariables,
  openstackEc2Credential,
  openstackEndpoint,
  openstackFloatingIp,
  openstackLoadbalancer,
  openstackService,
  packageFacts,
  packageModule,
  partition,
  ping,
  pip,
  raw,
  reboot,
  replace,
  rpmKey,
  s3BucketInfo,
  s3ObjectInfo,
  script,
  selinux,
  selinuxBoolean,
  selinuxFcontext,
  selinuxPort,
  selinuxRestorecon,
  serviceFacts,
  setup,
  shell,
  slurp,
  stat,
  swapfile,
  swiftAccountInfo,
  swiftPipeline,
  sysctl,
  systemd,
  tempfile,
  template,
  timezone,
  unarchive,
  uri,
  user,
  waitFor,
  waitForConnection,
  yum,
  yumRepository,
]

const byName = new Map(
  modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
)

/** The module of a name or an alias, e.g. `ini_file`; undefined where there is none. */
export const findModule = (name: string): Module | undefined => byName.get(name)
