import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunFinished, Wire } from '../../runner/engine/events.ts'
import { run } from '../lab/run.ts'
import { measure, type Usage } from './measure.ts'
import type { Place } from './place.ts'

/** What a tool is to do, and where. */
export interface Work {
  readonly place: Place
  readonly playbook: string
  /** What the floor runs on each host. */
  readonly floor: string
  /** Hosts at once; all of them where unset. */
  readonly forks?: number
}
export interface Sample extends Usage {
  /** What went over the wire for the host that needed the most round trips; drover alone tells it. */
  readonly wire?: Wire
}

export const toolNames = ['drover', 'mitogen', 'ansible', 'floor'] as const
export type ToolName = (typeof toolNames)[number]

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const main = here('../../dist/runner/cli/main.js')
const count = ({ addresses }: Place) => Object.keys(addresses).length

async function drover({ place, playbook, forks = count(place) }: Work): Promise<Sample> {
  const options = ['-i', place.inventory, '-f', `${forks}`, '-o', 'json']
  const usage = await measure(place.inside([process.execPath, main, 'run', playbook, ...options]))
  const last = JSON.parse(usage.stdout.trimEnd().split('\n').at(-1) ?? '') as RunFinished
  const [wire] = Object.values(last.recap)
    .map((host) => host.wire)
    .toSorted((a, b) => b.roundTrips - a.roundTrips)
  return wire === undefined ? usage : { ...usage, wire }
}

/** Ansible as fast as its settings make it: one connection a host, pipelining, all hosts at once, no search for Python. */
async function ansible({ place, playbook }: Work, more: Readonly<Record<string, string>> = {}): Promise<Sample> {
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
    ...more,
  }
  try {
    const options = ['-i', place.inventory, '-f', `${count(place)}`]
    return await measure(place.inside(['ansible-playbook', ...options, playbook]), settings)
  } finally {
    rmSync(sockets, { recursive: true, force: true })
  }
}

/** The least that hosts cost: one `ssh HOST sh -s` for a few, all at once; for many, connections and a command each, of one process. */
async function floor({ place, floor }: Work): Promise<Sample> {
  const addresses = Object.values(place.addresses)
  if (addresses.length > 20)
    return measure(place.inside([process.execPath, '--import', 'tsx', here('bare.ts'), place.key, ...addresses]))
  const ssh = `ssh -F none -i ${place.key} -o BatchMode=yes -o UserKnownHostsFile=${place.knownHosts}`
  const starts = addresses.map((address) => `printf %s "$SCRIPT" | ${ssh} root@${address} sh -s >/dev/null &`)
  const waits = addresses.map(() => 'wait -n || exit 1')
  return measure(place.inside(['bash', '-c', [...starts, ...waits].join('\n')]), { SCRIPT: floor })
}

export const tools: Readonly<Record<ToolName, (work: Work) => Promise<Sample>>> = {
  drover,
  ansible: (work) => ansible(work),
  mitogen: (work) => ansible(work, { ANSIBLE_STRATEGY: 'mitogen_linear' }),
  floor,
}

/** The releases of the tools, in words. */
export async function versions(): Promise<Readonly<Record<'drover' | 'ansible' | 'mitogen', string>>> {
  const own = JSON.parse(readFileSync(here('../../package.json'), 'utf8')) as { readonly version: string }
  const [first = ''] = (await run(['ansible-playbook', '--version'])).split('\n')
  const mitogen = await run(['dpkg-query', '-W', '-f', '${Version}', 'ansible-mitogen'])
  return { drover: own.version, ansible: first, mitogen }
}
