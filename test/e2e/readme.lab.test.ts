import { beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import { attempt } from '../lab/run.ts'
import { sharedLab, sharedLabName } from '../lab/shared.ts'
import { drover, troubles } from './drover.ts'
import { readmeCommands } from './readme-commands.ts'

/** The lab that is up stays up: whoever holds it takes it down. */
const commands = readmeCommands()
  .map(({ words }) => words.join(' '))
  .filter((command) => command.includes('inventory/lab.yml') || command === 'npm run lab -- up')

describe.skipIf(!labAvailable)('what the READMEs say to type, with hosts', () => {
  beforeAll(async () => {
    await Promise.all(sharedLab().nodes.map((node) => node.reset()))
  })

  it('is found', () => expect(commands.length).toBeGreaterThan(1))

  it.each(commands.filter((command) => command.startsWith('npx drover ')))('%s works', async (command) => {
    const inventory = sharedLabName() === 'lab' ? 'inventory/lab.yml' : sharedLab().inventory
    const args = command.replace('inventory/lab.yml', inventory).split(' ').slice(2)
    expect(troubles(await drover(args))).toEqual([])
  })

  it.each(commands.filter((command) => command.startsWith('npm ')))('%s works', async (command) => {
    const { status, stdout } = await attempt(command.split(' '))
    expect(status).toBe(0)
    expect(stdout).toMatch(/^n1 +running/m)
  })
})
