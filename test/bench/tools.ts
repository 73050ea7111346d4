import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunFinished, Wire } from '../../runner/engine/events.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { measure, type Usage } from './measure.ts'
import { floorScript } from './playbook.ts'

/** A playbook, and the hosts of the lab that it runs on. */
export interface Work {
  readonly lab: Lab
  readonly nodes: readonly LabNode[]
  readonly playbook: string
  readonly tasks: number
}
export interface Sample extends Usage {
  /** What went over the wire for the host that needed the most round trips; drover alone tells it. */
  readonly wire?: Wire
}
export type Tool = (work: Work) => Promise<Sample>

const main = fileURLToPath(new URL('../../dist/runner/cli/main.js', import.meta.url))

const limit = (nodes: readonly LabNode[]) => nodes.map(({ name }) => name).join(',')

export const drover: Tool = async ({ lab, nodes, playbook }) => {
  const options = ['-i', lab.inventory, '-l', limit(nodes), '-f', `${nodes.length}`, '-o', 'json']
  const usage = await measure([process.execPath, main, 'run', playbook, ...options])
  const last = JSON.parse(usage.stdout.trimEnd().split('\n').at(-1) ?? '') as RunFinished
  const [wire] = Object.values(last.recap)
    .map((host) => host.wire)
    .toSorted((a, b) => b.roundTrips - a.roundTrips)
  return wire === undefined ? usage : { ...usage, wire }
}

/** Ansible as fast as its settings make it: one connection a host, pipelining, all hosts at once, no search for Python. */
export const ansible: Tool = async ({ lab, nodes, playbook }) => {
  const sockets = mkdtempSync(join(tmpdir(), 'cp-'))
  const config = join(sockets, 'ansible.cfg')
  writeFileSync(config, '')
  const settings = {
    ANSIBLE_CONFIG: config,
    ANSIBLE_PIPELINING: 'true',
    ANSIBLE_SSH_ARGS: '-C -o ControlMaster=auto -o ControlPersist=15s',
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    LC_ALL: 'C.UTF-8',
  }
  try {
    const options = ['-i', lab.inventory, '-l', limit(nodes), '-f', `${nodes.length}`]
    return await measure(['ansible-playbook', ...options, playbook], settings)
  } finally {
    rmSync(sockets, { recursive: true, force: true })
  }
}

/** One `ssh HOST sh -s` a host, all at once, that reads what a converged run has to know. */
export const floor: Tool = ({ lab, nodes, tasks }) => {
  const ssh = `ssh -F none -i ${lab.key} -o BatchMode=yes -o UserKnownHostsFile=${lab.knownHosts}`
  const hosts = nodes.map(({ port }) => `printf %s "$SCRIPT" | ${ssh} -p ${port} root@127.0.0.1 sh -s >/dev/null &`)
  const waits = nodes.map(() => 'wait -n || exit 1')
  return measure(['bash', '-c', [...hosts, ...waits].join('\n')], { SCRIPT: floorScript(tasks) })
}

/** The release of Ansible, in its own words. */
export async function ansibleVersion(): Promise<string> {
  const { stdout } = await measure(['ansible-playbook', '--version'])
  return stdout.split('\n')[0] ?? ''
}

export const droverVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version
