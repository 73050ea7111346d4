import { Writable } from 'node:stream'

import { expect, it } from 'vitest'

import { createReporter, type Format } from '../../../runner/report/choose.ts'
import { JsonReporter } from '../../../runner/report/json.ts'
import { LinesReporter } from '../../../runner/report/lines.ts'
import { LiveReporter } from '../../../runner/report/live.ts'
import { wantsColour } from '../../../runner/report/style.ts'
import { FakeTerminal } from './terminal.ts'

const pipe = new Writable()
const terminal = new FakeTerminal()

it.each<[Format, Writable, NodeJS.ProcessEnv, unknown]>([
  ['auto', terminal, { TERM: 'xterm' }, LiveReporter],
  ['auto', terminal, { TERM: 'dumb' }, LinesReporter],
  ['auto', terminal, { CI: 'true' }, LinesReporter],
  ['live', terminal, { CI: 'true' }, LiveReporter],
  ['auto', pipe, {}, LinesReporter],
  ['live', pipe, {}, LinesReporter],
  ['lines', terminal, {}, LinesReporter],
  ['json', terminal, {}, JsonReporter],
])('%s', (format, stdout, env, reporter) => {
  expect(createReporter({ format, stdout, verbosity: 0, env })).toBeInstanceOf(reporter)
})

it.each<[Writable, NodeJS.ProcessEnv, boolean]>([
  [terminal, { TERM: 'xterm' }, true],
  [terminal, { TERM: 'xterm', NO_COLOR: '1' }, false],
  [terminal, { TERM: 'dumb' }, false],
  [pipe, { TERM: 'xterm' }, false],
  [pipe, { FORCE_COLOR: '1' }, true],
  [pipe, { FORCE_COLOR: '0' }, false],
])('colours of %# with %j: %s', (stream, env, wanted) => {
  expect(wantsColour(stream, env)).toBe(wanted)
})
