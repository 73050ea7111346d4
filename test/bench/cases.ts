import type { Lab } from '../lab/lab.ts'
import type { Content } from './content.ts'
import { directoryFloor, loopFloor, loopOfFiles, templateDirectory } from './many-files.ts'
import { mixed, mixedFloor, separate } from './mixed.ts'
import { crowd, farAway, nearBy, type Place } from './place.ts'
import type { ToolName } from './tools.ts'

/** What is measured: one playbook, on hosts in one state, with the tools that are worth comparing. */
export interface Case {
  readonly name: string
  readonly content: Content
  /** What the hosts are like before each turn: without anything of the playbook, with all of it, or with all but one file. */
  readonly start: 'cold' | 'converged' | 'one change'
  readonly tools: readonly ToolName[]
  /** What the floor runs on each host. */
  readonly floor: string
  /** Nodes of the lab that it needs. */
  readonly nodes: number
  readonly place: (lab: Lab, directory: string) => Promise<Place>
}

const all: readonly ToolName[] = ['drover', 'mitogen', 'ansible', 'floor']
const peers: readonly ToolName[] = ['drover', 'mitogen', 'ansible']

const few = (tasks: number, hosts: number, start: Case['start']): Case => ({
  name: `${tasks} tasks, ${hosts === 1 ? '1 host' : `${hosts} hosts`}, ${start}`,
  content: mixed(tasks),
  start,
  tools: start === 'converged' ? all : peers,
  floor: mixedFloor(tasks),
  nodes: hosts,
  place: (lab, directory) => nearBy(lab, directory, hosts),
})

const many = (hosts: number): Case => ({
  name: `10 tasks, ${hosts} hosts, converged`,
  content: separate(10),
  start: 'converged',
  tools: ['drover', 'floor'],
  floor: 'true',
  nodes: 1,
  place: (lab, directory) => crowd(lab, directory, hosts),
})

export const cases: readonly Case[] = [
  few(50, 1, 'converged'),
  few(50, 1, 'cold'),
  few(50, 1, 'one change'),
  few(200, 1, 'converged'),
  { ...few(50, 1, 'converged'), name: '50 tasks, 1 host at 20 ms, converged', place: farAway },
  few(50, 10, 'converged'),
  few(50, 10, 'cold'),
  {
    name: 'loop over 1000 files, 1 host at 20 ms, cold',
    content: loopOfFiles(1000),
    start: 'cold',
    tools: ['drover', 'floor'],
    floor: loopFloor(1000),
    nodes: 1,
    place: farAway,
  },
  {
    name: 'directory of 1000 templates, 1 host, converged',
    content: templateDirectory(1000),
    start: 'converged',
    tools: ['drover', 'floor'],
    floor: directoryFloor,
    nodes: 1,
    place: (lab, directory) => nearBy(lab, directory, 1),
  },
  many(100),
  many(1000),
]
