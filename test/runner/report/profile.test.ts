import { expect, it } from 'vitest'
import type { Parts, ProfiledTask, RunProfiled } from '../../../runner/engine/events.ts'
import { noParts } from '../../../runner/engine/profile/parts.ts'
import { drawProfile } from '../../../runner/report/profile.ts'
import { styleOf } from '../../../runner/report/style.ts'

const parts = (given: Partial<Parts>): Parts => ({ ...noParts, ...given })
const task = (number: number, name: string, line: number, elapsed: number, given: Partial<Parts>): ProfiledTask => ({
  task: number,
  play: 1,
  name,
  action: 'command',
  handler: false,
  at: { file: 'site.yml', line, column: 5 },
  elapsed,
  parts: parts(given),
  hosts: {},
})
const profiled = (changes: Partial<RunProfiled>): RunProfiled => ({
  event: 'run-profiled',
  time: 0,
  before: 0.25,
  elapsed: 13.2,
  computing: 1.2,
  parts: parts({}),
  tasks: [],
  hosts: {},
  ...changes,
})
const drawn = (profile: RunProfiled): string => drawProfile(profile, styleOf(false)).join('\n')

it('draws tasks and hosts, slowest first, and what they come to', () => {
  const text = drawn(
    profiled({
      parts: parts({ connect: 1, read: 2, perform: 10.5 }),
      tasks: [
        task(1, 'Look', 3, 2, { connect: 1, read: 1 }),
        task(2, '', 4, 10, { read: 1, perform: 9.5 }),
        task(3, 'Again', 9, 0.5, { perform: 0.5 }),
        task(4, 'Again', 9, 0.5, { perform: 0.5 }),
      ],
      hosts: {
        n1: { elapsed: 3, parts: parts({ read: 1, perform: 2 }) },
        'n2\u001b[2J': { elapsed: 10.5, parts: parts({ connect: 1, read: 1, perform: 8.5 }) },
      },
    }),
  )
  expect(text).toBe(
    `PROFILE
The run took 13.20 s, during 1.20 s of which drover itself computed. Reading and checking took 0.25 s before.

TASK             time  connect  read  render  plan  perform  wait
command         10.00     0.00  1.00    0.00  0.00     9.50  0.00
Look             2.00     1.00  1.00    0.00  0.00     0.00  0.00
2 times: Again   1.00     0.00  0.00    0.00  0.00     1.00  0.00
all             13.20     1.00  2.00    0.00  0.00    10.50  0.00

HOST      time  connect  read  render  plan  perform  wait
n2^[[2J  10.50     1.00  1.00    0.00  0.00     8.50  0.00
n1        3.00     0.00  1.00    0.00  0.00     2.00  0.00
all      13.50     1.00  2.00    0.00  0.00    10.50  0.00
In seconds: by the clock (of all hosts: added up), then what each part took, of all hosts together.`,
  )
})

it('counts those that are not among the slowest, and shortens long names', () => {
  const name = 'x'.repeat(100)
  const lines = drawn(
    profiled({ tasks: Array.from({ length: 50 }, (_, index) => task(index, `${index}${name}`, index, index, {})) }),
  ).split('\n')
  expect(lines.filter((line) => line.includes('xxx'))).toHaveLength(20)
  expect(Math.max(...lines.filter((line) => line.includes('xxx')).map((line) => line.length))).toBeLessThan(115)
  expect(lines).toContain('and 30 more')
})
