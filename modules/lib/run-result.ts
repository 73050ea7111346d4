import type { Json, JsonObject } from '../../schema/infer.ts'
import type { ActionResult } from '../step.ts'

/** What Ansible's `command` returns for a program that ran. A status other than 0 fails the task. */
export function runResult(cmd: Json, performed: ActionResult, stripEmptyEnds: boolean): JsonObject {
  const text = (bytes: Buffer): string =>
    stripEmptyEnds ? bytes.toString('utf8').replace(/[\r\n]+$/, '') : bytes.toString('utf8')
  const stdout = text(performed.stdout)
  const stderr = text(performed.stderr)
  return {
    cmd,
    rc: performed.status,
    stdout,
    stdout_lines: lines(stdout),
    stderr,
    stderr_lines: lines(stderr),
    start: clock(performed.start),
    end: clock(performed.end),
    delta: duration(performed.end - performed.start),
    msg: performed.status === 0 ? '' : 'non-zero return code',
    failed: performed.status !== 0,
  }
}

/** What is returned where `creates` or `removes` says that there is nothing to run. */
export function notRun(cmd: Json, why: string): JsonObject {
  return {
    cmd,
    rc: 0,
    stdout: `skipped, ${why}`,
    stdout_lines: [`skipped, ${why}`],
    stderr: '',
    stderr_lines: [],
    msg: `Did not run command ${why}`,
  }
}

/** The lines of a text as Python's `splitlines` gives them. */
function lines(text: string): readonly string[] {
  const found = text.split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)
  return found.at(-1) === '' ? found.slice(0, -1) : found
}

const clock = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, -1).replace('T', ' ')}000`

const pad = (number: number, width: number) => String(number).padStart(width, '0')

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const fraction = pad(Math.round(milliseconds % 1000), 3)
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${fraction}000`
}
