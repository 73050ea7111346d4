import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { modules } from '../../modules/index.ts'
import type { HostFinished } from '../../runner/engine/events.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { holdSwap } from '../lab/swap.ts'
import { serveApt } from './apt-repository.ts'
import { report, workplace, type Report } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

/** An example of a module's documentation, as tasks: those that set the stage, and the one that is shown. */
interface Shown {
  readonly name: string
  readonly given: readonly object[]
  readonly task: object
  readonly opaque: boolean
}

const examples: readonly Shown[] = modules.flatMap((module) =>
  module.examples
    .filter(({ needs }) => needs === undefined)
    .map((example) => {
      const name = `${module.name}: ${example.title}`
      const given = example.given === undefined ? [] : [parse(example.given) as object | readonly object[]].flat()
      return { name, given, task: { name, ...(parse(example.task) as object) }, opaque: module.opaque === true }
    }),
)
/** Whether nothing of the one is, or is in, something of the other. */
const apart = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].every((a) => [...other].every((b) => a !== b && !a.startsWith(`${b}/`) && !b.startsWith(`${a}/`)))

/** Modules that are about the whole host, and those that do on the lab's hosts what another one does. */
const WHOLE = /"(apt|dnf|hostname|iptables|package|rpm_key|timezone|yum)":/g
const SAME: { readonly [name: string]: string } = { dnf: 'yum', package: 'apt' }

/**
 * What an example is about: the paths that it names, to a depth of three and with a partition as its disk, and the names of units; `accounts`
 * for all users and groups, since what one becomes depends on the others; a module that is about the whole host.
 */
function subjects({ name, task, given }: Shown): ReadonlySet<string> {
  const text = JSON.stringify([task, given])
  const paths = [...text.matchAll(/\/[\w.-]+(?:\/[\w.-]+){0,2}/g)].map(([path]) => path.replace(/\d+$/, ''))
  const names = [...text.matchAll(/"name":("[^":]*")/g)].map(([, name = '']) => name)
  const whole = [...text.matchAll(WHOLE)].map(([, name = '']) => SAME[name] ?? name)
  // Which services there are depends on the packages; two that only read them may meet.
  const services = name.startsWith('service_facts:') ? ['apt', 'yum'].map((whole) => `${whole}/${name}`) : []
  const accounts = /"(?:user|group)":\{/.test(text) ? ['accounts'] : []
  const hostname = whole.includes('hostname') ? ['/etc/hostname'] : []
  return new Set([...paths, ...names, ...whole, ...services, ...accounts, ...hostname])
}

/** Examples in as few batches as it takes for no two of a batch to be about the same file, disk or unit: each batch is one playbook. */
const batches = examples.reduce<readonly (readonly Shown[])[]>((batches, example) => {
  const free = batches.findIndex((batch) => batch.every((other) => apart(subjects(other), subjects(example))))
  return free < 0
    ? [...batches, [example]]
    : batches.map((batch, index) => (index === free ? [...batch, example] : batch))
}, [])

/** Takes the disk and the swap file out of use, and the unit into use, whatever an example made of them. */
const clear = `
  swapoff --all; rm -f /swapfile; sed -i '/swapfile\\|vdb/d' /etc/fstab
  for target in $(findmnt --noheadings --list --output TARGET,SOURCE | awk '$2 ~ /vdb/ { print $1 }'); do umount $target; done
  for partition in $(seq 1 15); do partx --delete --nr $partition /dev/vdb; done 2>/dev/null
  blkdiscard --force /dev/vdb || dd if=/dev/zero of=/dev/vdb bs=1M count=64 status=none
  for user in $(getent passwd | grep -o '^drover-[^:]*'); do userdel --force $user; done
  for group in $(getent group | grep -o '^drover-[^:]*'); do groupdel $group; done
  rm -rf /tmp/dump.* /srv/* /mnt/* /var/tmp/drover* /var/tmp/two*; systemctl daemon-reload; systemctl unmask cron; systemctl enable --now cron
  iptables -F; iptables -t nat -F; ip6tables -F; rm -f /etc/iptables/rules.v4 /etc/iptables/rules.v6
`

if (labAvailable) await holdSwap()

describe.skipIf(!labAvailable)("the examples of the modules' documentation", () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    cpSync(join(import.meta.dirname, 'examples'), work.path, { recursive: true })
    await Promise.all(lab.nodes.map((node) => node.reset()))
    await Promise.all(lab.nodes.map(serveApt))
  })
  afterAll(work.remove)

  const run = (host: string, name: string, tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file(`${name}.yml`, stringify([{ hosts: host, gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }
  /** Sets the stage for examples, and runs them: a check, the run, and the run again. */
  const turns = async (host: string, shown: readonly Shown[]): Promise<Turns> => {
    const given = shown.flatMap(({ given }) => given)
    const stage = given.length === 0 ? null : await run(host, `${host}-given`, given)
    if (stage !== null && stage.status !== 0) throw new Error(`what is given fails: ${stage.stdout}${stage.stderr}`)
    // One that fails is not to keep the others from being run.
    const tasks = shown.map(({ task }) => ({ ...task, ignore_errors: true }))
    const predicted = await run(host, host, tasks, '--check')
    return { predicted, done: await run(host, host, tasks), again: await run(host, host, tasks) }
  }

  const ran = new Map<string, Ran | Error>()
  beforeAll(async () => {
    const waiting = [...batches]
    await Promise.all(
      lab.nodes.map(async (node) => {
        const before = await belongings(node)
        for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
          const turned = await turns(node.name, batch).catch((error: unknown) => error as Error)
          const left = await leftOn(node, before, made)
          for (const { name } of batch)
            ran.set(name, turned instanceof Error ? turned : { ...turned, host: node.name, left })
          await node.sh(`${clear}echo ${node.name} >/etc/hostname; hostname ${node.name}`)
        }
      }),
    )
  }, 600_000)
  const of = (name: string): Ran => {
    const found = ran.get(name) ?? new Error(`${name} was not run`)
    if (found instanceof Error) throw found
    return found
  }

  it.each(named(examples))('%s', (name) => {
    const { done, host } = of(name)
    expect(deed(done, name, host)).toMatchObject(well)
  })
  it.each(named(examples.filter(({ opaque }) => !opaque)))('%s: does what a check predicts', (name) => {
    const { predicted, done, host } = of(name)
    expect(deed(predicted, name, host)).toEqual(deed(done, name, host))
  })
  it.each(named(examples.filter((example) => !example.opaque && !acts(example))))('%s: does it once', (name) => {
    const { again, host } = of(name)
    expect(deed(again, name, host)).toEqual(nothing)
  })
  it('leave no process and no temporary file', () => {
    expect([...ran.values()].flatMap((one) => (one instanceof Error ? [] : one.left))).toEqual([])
  })
})

interface Turns {
  readonly predicted: Report
  readonly done: Report
  readonly again: Report
}

interface Ran extends Turns {
  readonly host: string
  readonly left: readonly string[]
}

const named = (shown: readonly Shown[]): [string][] => shown.map(({ name }) => [name])
const result = (of: Report, name: string, host: string): HostFinished | undefined => of.results.get(`${name} @ ${host}`)
/** What a task did to a host, or why not. */
const deed = (of: Report, name: string, host: string): object => {
  const { outcome, changes, message } = result(of, name, host) ?? { message: 'was not run' }
  return { outcome, changes, message }
}
const nothing = { outcome: 'ok', changes: [], message: null }
const well = { outcome: expect.stringMatching(/^(ok|changed)$/) as string, message: null }
/** Files that the examples make on purpose. */
const made = (path: string): boolean => /^\/var\/tmp\/(?:drover|two words)|^\/tmp\/dump\./.test(path)
/** What always acts, by what it means: a restart. */
const acts = ({ task }: Shown): boolean => /"(restarted|reloaded)"/.test(JSON.stringify(task))
