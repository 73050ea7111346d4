import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { missing, missingForVm } from './available.ts'
import { purgeCache } from './image.ts'
import { defaultLab, findLab, labDown, labUp, type Lab } from './lab.ts'
import { Lock } from './lock.ts'
import { inNetwork } from './network.ts'
import { labPaths } from './paths.ts'
import { LabError } from './run.ts'
import { findVm, vmDown, vmUp } from './vm.ts'
import { vmName } from './vm-machine.ts'

const usage = `Real hosts on this machine, for trying drover and for its tests.

  npm run lab -- up [--nodes 3]      make and boot n1, n2, ... (the first time it builds an image: 1-3 minutes)
  npm run lab -- status              what there is
  npm run lab -- ssh n1 [COMMAND]    a shell on a node, or one command
  npm run lab -- exec COMMAND        a program of this machine in the lab's network (10.0.32.0/24)
  npm run lab -- boot|reboot|power-cut|reset n1
  npm run lab -- cut|plug n1         pull the network cable out, or put it back
  npm run lab -- vm up|down          a virtual machine with SELinux, v1 (the first time it is built: 2-4 minutes); \`ssh v1\`
  npm run lab -- down [--purge]      remove everything; --purge also what is cached

DROVER_LAB=NAME gives another lab than the default one, which is called ${defaultLab}.`

const name = process.env['DROVER_LAB'] || defaultLab

async function main([verb = 'help', ...words]: string[]): Promise<number> {
  if (verb !== 'help' && missing) throw new LabError(`the lab cannot run here: ${missing}`)
  switch (verb) {
    case 'up': {
      const { values } = parseArgs({ args: words, options: { nodes: { type: 'string', default: '3' } } })
      await status(await labUp({ name, nodes: Number(values.nodes) }))
      return 0
    }
    case 'status':
      await status(lab())
      return 0
    case 'down': {
      const { values } = parseArgs({ args: words, options: { purge: { type: 'boolean', default: false } } })
      const lease = await Lock.take(labPaths(name).lease, 0)
      await labDown(name)
      if (values.purge) await purgeCache()
      lease.release()
      return 0
    }
    case 'ssh': {
      const [node = '', ...command] = words
      const host = node === vmName ? vm() : lab().node(node)
      return foreground(host.sshCommand(command, 'root', process.stdin.isTTY ? ['-t'] : []))
    }
    case 'vm':
      return onVm(words)
    case 'exec':
      return foreground(inNetwork(lab().name, words[0] === '--' ? words.slice(1) : words))
    case 'boot':
      return onNode(words, (node) => node.boot())
    case 'reboot':
      return onNode(words, (node) => node.reboot())
    case 'power-cut':
      return onNode(words, (node) => node.powerCut())
    case 'reset':
      return onNode(words, (node) => node.reset())
    case 'cut':
      return onNode(words, (node) => node.cut())
    case 'plug':
      return onNode(words, (node) => node.plug())
    default:
      console.log(usage)
      return verb === 'help' ? 0 : 2
  }
}

function lab(): Lab {
  const found = findLab(name)
  if (found) return found
  throw new LabError('the lab is not up: npm run lab -- up')
}

async function onVm([verb = '']: readonly string[]): Promise<number> {
  if (missingForVm) throw new LabError(`the machine cannot run here: ${missingForVm}`)
  if (verb === 'up') {
    const { port, inventory } = await vmUp(name)
    console.log(`${vmName}  127.0.0.1:${port}\ninventory ${inventory}`)
  } else if (verb === 'down') await vmDown(name)
  else throw new LabError('say vm up or vm down')
  return 0
}

function vm(): ReturnType<typeof findVm> & object {
  const found = findVm(name)
  if (found) return found
  throw new LabError('the machine is not up: npm run lab -- vm up')
}

async function onNode(
  words: readonly string[],
  work: (node: ReturnType<Lab['node']>) => Promise<void>,
): Promise<number> {
  if (words.length === 0) throw new LabError('which node? For example n1')
  await Promise.all(words.map((word) => work(lab().node(word))))
  return 0
}

async function status(up: Lab): Promise<void> {
  for (const node of up.nodes)
    console.log(`${node.name}  ${await node.state()}  ${node.address}:22  127.0.0.1:${node.port}`)
  console.log(`inventory ${name === defaultLab ? 'inventory/lab.yml' : up.inventory}, key ${up.key}`)
}

function foreground([program = '', ...words]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(program, words, { stdio: 'inherit' })
      .on('error', reject)
      .on('exit', (code) => resolve(code ?? 1))
  })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof LabError || (error instanceof TypeError && 'code' in error))) throw error
  console.error(error.message)
  process.exitCode = 1
}
