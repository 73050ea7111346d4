import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from './available.ts'
import { inventoryOf } from './inventory.ts'
import { defaultLab, defaultPort, findLab, labDown, labUp, type Lab } from './lab.ts'
import { Lock } from './lock.ts'
import { networkExists } from './network.ts'
import { labPaths } from './paths.ts'
import { cgroups, processes } from './processes.ts'
import { attempt, run } from './run.ts'
import { labNames, sharedLab, sharedLabName, takeLab } from './shared.ts'
import { holdSwap } from './swap.ts'

/** A lab of its own beside the shared one, since this breaks it. */
const name = 'selftest'
const paths = labPaths(name)

function swap(file: string): string {
  return `fallocate -l 8M ${file}; chmod 600 ${file}; mkswap -q ${file}; swapon ${file}`
}

if (labAvailable) await holdSwap()

describe.skipIf(!labAvailable)('the lab', () => {
  let lab: Lab
  beforeAll(async () => {
    await labDown(name)
    lab = await labUp({ name, nodes: 2 })
  })
  afterAll(() => labDown(name))

  it('is for one worker alone, whatever number vitest gives to another', async () => {
    expect(await Lock.attempt(labPaths(sharedLabName()).worker)).toBeUndefined()
    expect(await takeLab(labNames(1))).toBe(sharedLabName())
  })

  it('has nodes with systemd, a raw disk, and users of many kinds', async () => {
    const node = lab.node('n1')
    expect(await node.sh('hostname; systemctl is-system-running; lsblk --noheadings --raw --output NAME,SIZE')).toBe(
      'n1\nrunning\nvdb 2G\n',
    )
    for (const user of ['ops', 'fish', 'ash', 'noisy']) {
      expect(await node.sh('sudo -n id -u', { user })).toMatch(/(^|\n)0\n$/)
    }
    expect((await node.ssh('sudo -n id -u', { user: 'locked' })).stderr).toContain('password is required')
    expect(await node.sh('sudo -S -p "" id -u', { user: 'locked', input: 'drover-lab\n' })).toBe('0\n')
    expect(await node.sh('true', { user: 'noisy' })).toContain('Welcome')
    expect(await node.sh('getent passwd fish ash | cut -d : -f 7')).toBe('/usr/bin/fish\n/bin/ash\n')
  })

  it('stays as it is when it is brought up again, and grows', async () => {
    await lab.node('n1').sh('touch /kept')
    const before = processes(name, 'n1')
    await labUp({ name, nodes: 3 })
    lab = await labUp({ name, nodes: 1 })
    expect(lab.nodes.map((node) => node.name)).toEqual(['n1', 'n2', 'n3'])
    expect(processes(name, 'n1')).toEqual(expect.arrayContaining(before.slice(0, 1)))
    expect(await lab.node('n1').sh('ls /kept')).toBe('/kept\n')
  })

  it('partitions a disk with every tool, and a reset makes the node new', async () => {
    const node = lab.node('n1')
    await node.sh(
      'parted -s /dev/vdb mklabel gpt mkpart a 1MiB 512MiB && echo ",," | sfdisk -q -a /dev/vdb && mkfs.xfs -q /dev/vdb1',
    )
    expect(await node.sh('lsblk --noheadings --raw --sort NAME --output NAME,FSTYPE /dev/vdb')).toBe(
      'vdb \nvdb1 xfs\nvdb2 \n',
    )
    await node.sh(`mkswap -q /dev/vdb2; swapon /dev/vdb2; ${swap('/swap')}`)
    await node.reset()
    expect(await node.sh('lsblk --noheadings --raw --output NAME; ls -d /swap /kept 2>&1 | wc -l; swapon --show')).toBe(
      'vdb\n2\n',
    )
    // A disk that is swapped to could not have been freed.
    expect(await run(['losetup', '--list'])).not.toMatch(new RegExp(`${paths.dir}.*deleted`))
  })

  it('reboots, and forgets swap that is not in fstab', async () => {
    const node = lab.node('n1')
    await node.sh(
      `${swap('/listed')}; ${swap('/unlisted')}; echo "/listed none swap sw 0 0" >>/etc/fstab; touch /run/before`,
    )
    await node.reboot()
    expect(await node.sh('swapon --show=NAME --noheadings; ls /run/before 2>&1 | wc -l')).toBe('/listed\n1\n')
    await node.powerCut()
    expect(await node.state()).toBe('off')
    await node.boot()
    expect(await node.sh('swapon --show=NAME --noheadings')).toBe('/listed\n')
  })

  it('keeps the clock, which all share, from its nodes', async () => {
    const node = lab.node('n1')
    expect(await node.ssh('date -s "@$(date +%s)"')).toMatchObject({ status: 1 })
    expect(await node.sh('timedatectl set-timezone Asia/Kolkata && date +%z')).toBe('+0530\n')
    const there = Number(await node.sh('timedatectl set-timezone Etc/UTC && date +%s'))
    expect(Math.abs(there - Date.now() / 1000)).toBeLessThan(60)
  })

  it('keeps the nodes apart: a unit restarted on one does not touch the other', async () => {
    const pid = 'systemctl show --property MainPID --value cron'
    const before = await lab.node('n2').sh(pid)
    await lab.node('n1').sh('systemctl restart cron')
    expect(await lab.node('n2').sh(pid)).toBe(before)
  })

  it('cuts a cable, and plugs it in again', async () => {
    const node = lab.node('n2')
    await node.cut()
    expect(await node.state()).toBe('cut')
    expect((await node.ssh('true')).status).toBe(255)
    const ping = 'ping -c 1 -W 1 n2 >/dev/null'
    expect((await lab.node('n3').ssh(ping)).status).toBe(1)
    await node.plug()
    expect((await lab.node('n3').ssh(ping)).status).toBe(0)
    expect(await node.state()).toBe('running')
    expect(await node.sh('hostname')).toBe('n2\n')
  })

  it('is reached through 127.0.0.1 by many at once, and loses no byte', async () => {
    const { port } = lab.node('n3')
    const options = ['UserKnownHostsFile=' + lab.knownHosts, 'BatchMode=yes', 'StrictHostKeyChecking=yes'].flatMap(
      (word) => ['-o', word],
    )
    const ssh = ['ssh', '-F', 'none', '-i', lab.key, '-p', String(port), ...options, 'root@127.0.0.1']
    const answers = await Promise.all(Array.from({ length: 20 }, () => run([...ssh, 'seq 100000'])))
    expect(new Set(answers.map((answer) => answer.length))).toEqual(new Set([588_895]))
  })

  it('survives runs that are killed at any moment', async () => {
    const cli = ['node_modules/tsx/dist/cli.mjs', 'test/lab/main.ts']
    for (const [words, delay] of [
      [['down'], 650],
      [['up', '--nodes', '2'], 700],
      [['up', '--nodes', '2'], 900],
      [['reset', 'n1'], 750],
      [['up', '--nodes', '2'], 1200],
      [['down'], 800],
    ] as const) {
      const child = spawn(process.execPath, [...cli, ...words], {
        env: { ...process.env, DROVER_LAB: name },
        stdio: 'ignore',
        detached: true,
      })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await new Promise((resolve) => setTimeout(resolve, delay))
      if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    lab = await labUp({ name, nodes: 2 })
    expect(lab.nodes.length).toBeGreaterThanOrEqual(2)
    expect(await Promise.all(lab.nodes.map((node) => node.sh('hostname')))).toEqual(
      lab.nodes.map(({ name }) => `${name}\n`),
    )
  })

  it('makes runs wait for each other, and for what a killed one had begun', async () => {
    const lock = await Lock.take(`${paths.lock}.test`)
    const command = attempt(['sleep', '0.2'], { lock })
    lock.release()
    await expect(Lock.take(`${paths.lock}.test`, 0)).rejects.toThrow('held by another run')
    await command
    ;(await Lock.take(`${paths.lock}.test`, 0)).release()
    rmSync(`${paths.lock}.test`)
  })

  it('leaves nothing when it is taken down', async () => {
    await lab.node('n1').sh(swap('/swap'))
    await labDown(name)
    expect(findLab(name)).toBeUndefined()
    expect(processes(name)).toEqual([])
    expect(cgroups(name).filter((group) => existsSync(group))).toEqual([])
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(paths.dir)
    expect(await run(['losetup', '--list'])).not.toContain(paths.dir)
    expect(networkExists(name)).toBe(false)
    expect(existsSync(paths.dir)).toBe(false)
    await labDown(name)
  })
})

describe.skipIf(!labAvailable)('the lab that suites share', () => {
  it('is up with three nodes', async () => {
    const hostnames = ['n1', 'n2', 'n3'].map((node) => sharedLab().node(node).sh('hostname'))
    expect(await Promise.all(hostnames)).toEqual(['n1\n', 'n2\n', 'n3\n'])
  })
})

describe('inventory/lab.yml', () => {
  it('says where the default lab is', () => {
    const ports = Object.fromEntries(['n1', 'n2', 'n3'].map((node) => [node, defaultPort(defaultLab, node)]))
    const committed: unknown = parse(readFileSync('inventory/lab.yml', 'utf8'))
    expect(committed).toEqual(parse(inventoryOf(labPaths(defaultLab), ports)))
  })
})
