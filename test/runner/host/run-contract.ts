import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { run, type RunAction, type ScriptAction } from '../../../modules/step.ts'
import type { Host } from '../../../runner/host/host.ts'
import { bytes, doAll, HOSTILE_NAMES, perform, type Subject } from './contract.ts'

const words = ['', ...HOSTILE_NAMES, 'a\tb', '*', '~', '$0', '#', '=x', 'A=b', '\u0081\u0088', '-', '--']

const sh = (script: string, more: Partial<ScriptAction> = {}): ScriptAction => {
  return { do: 'sh', title: 'try a script', script, args: [], ...more }
}

/** What holds for programs on every host that has real ones. */
export function runContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name}: programs`, () => {
    let subject: Subject
    let host: Host
    beforeAll(async () => {
      subject = await open()
      host = subject.host
    })
    afterAll(() => subject?.close())
    const printed = async (action: RunAction | ScriptAction): Promise<string> => {
      const [result] = await doAll(host, action)
      return result?.stdout.toString() ?? ''
    }

    it('hands over words as they are', async () => {
      const expected = words.map((word) => `${word}\0`).join('')
      expect(await printed(run('printf', '%s\\0', ...words))).toBe(expected)
      expect(await printed(sh('printf "%s\\0" "$@"', { args: words }))).toBe(expected)
    })

    it('runs no builtin, function or option in a program’s place', async () => {
      for (const program of ['mark', 'finally', 'remove', 'no such\nprogram', '-c', '--']) {
        const done = await perform(host, [
          { do: 'write', path: `${subject.directory}/f`, content: bytes('') },
          run(program),
        ])
        expect(done.failure?.message).toMatch(/cannot run .*: exit status (127|1|125)/s)
        expect(done.results[1]?.status).toBeGreaterThan(0)
      }
    })

    it('starts it in a directory, with variables, a umask and standard input', async () => {
      const directory = `${subject.directory}/a 'b'\n$c`
      await doAll(host, { do: 'directory', path: directory })
      expect(await printed({ ...run('pwd'), chdir: directory })).toBe(`${directory}\n`)
      expect(await printed(sh('umask', { umask: '0027' }))).toBe('0027\n')
      const environment = { DROVER_A: words.join(' '), DROVER_B: '' }
      expect(await printed({ ...run('sh', '-c', 'printf "%s|%s" "$DROVER_A" "$DROVER_B"'), environment })).toBe(
        `${environment.DROVER_A}|`,
      )
      for (const text of ['', 'x', "it's\n", '\0\u0001'])
        expect(await printed({ ...run('cat'), stdin: Buffer.from(text) })).toBe(text)
      expect(await printed(run('cat'))).toBe('')
    })

    it('gives the task’s environment to all, and an action’s own before it', async () => {
      const show = sh('echo "$DROVER_A$DROVER_B"')
      const done = await perform(host, [{ ...show, environment: { DROVER_B: '3' } }, show], {
        environment: { DROVER_A: '1', DROVER_B: '2' },
      })
      expect(done.results.map(({ stdout }) => stdout.toString())).toEqual(['13\n', '12\n'])
    })

    it('does not take a variable’s name for more than that', async () => {
      const path = `${subject.directory}/pwned`
      const done = await perform(host, [{ ...run('true'), environment: { [`X;touch ${path};Y`]: '' } }], {
        readBack: [content(path)],
      })
      expect(done.failure).not.toBeNull()
      expect(done.readings).toMatchObject([{ raw: Buffer.from('-') }])
    })

    it('fails where the directory is not there', async () => {
      const done = await perform(host, [{ ...run('touch', `${subject.directory}/pwned`), chdir: '/no such' }])
      expect(done.failure?.message).toMatch(/no such/)
    })

    it('says the command, the status and what it said', async () => {
      const failing = run('sh', '-c', 'echo out; echo "went wrong" >&2; exit 9')
      const done = await perform(host, [failing, run('true')])
      expect(done.failure).toEqual({
        action: failing,
        reason: 'status',
        message: `cannot run sh -c 'echo out; echo "went wrong" >&2; exit 9': exit status 9: went wrong`,
      })
      expect(done.results).toMatchObject([
        { status: 9, stdout: Buffer.from('out\n'), stderr: Buffer.from('went wrong\n') },
      ])
      const killed = await perform(host, [sh('kill -KILL $$')])
      expect(killed.failure?.message).toMatch(/^cannot try a script: ended by signal 9\b/)
    })

    it('takes the statuses that are no failure', async () => {
      const done = await perform(host, [
        { ...sh('exit 3'), accept: [0, 3] },
        { ...sh('exit 99'), accept: 'any' },
        { ...sh('exit 0'), accept: [1] },
        sh('exit 0'),
      ])
      expect(done.results.map(({ status }) => status)).toEqual([3, 99, 0])
      expect(done.failure?.message).toBe('cannot try a script: exit status 0')
    })

    it('keeps the output of each apart, whatever it is', async () => {
      const scripts = [
        'printf "no newline"',
        'echo; echo',
        'head -c 3000000 /dev/zero',
        'printf "\\0\\377"; echo err >&2',
      ]
      const results = await doAll(host, ...scripts.map((script) => sh(script)))
      expect(results.map(({ stdout }) => stdout.length)).toEqual([10, 2, 3_000_000, 2])
      expect(results.map(({ stderr }) => stderr.toString())).toEqual(['', '', '', 'err\n'])
    })

    it('ends what takes longer than it may, or is interrupted, and does nothing further', async () => {
      const path = `${subject.directory}/after`
      const after = { do: 'write' as const, path, content: bytes('') }
      const slow = sh('echo begun; echo careful >&2; sleep 100')
      const own = await perform(host, [run('true'), { ...slow, timeout: 0.3, accept: 'any' }, after])
      const whole = await perform(host, [run('true'), slow, after], { timeout: 300 })
      const split = await perform(host, [{ ...run('sleep', '0.2'), timeout: 60 }, slow, after], { timeout: 400 })
      const signal = AbortSignal.timeout(300)
      const interrupted = await perform(host, [run('true'), slow, after], { signal })
      const reasons = [own, whole, split, interrupted].map(({ failure }) => failure?.reason)
      expect(reasons).toEqual(['timed-out', 'timed-out', 'timed-out', 'interrupted'])
      for (const { results, failure } of [own, whole, split, interrupted]) {
        expect(results).toHaveLength(2)
        expect(results[1]?.stdout.toString()).toBe('begun\n')
        expect(failure?.message).toMatch(/^cannot try a script: it .*: careful/)
      }
      expect(await host.read([content(path)])).toMatchObject([{ raw: Buffer.from('-') }])
    })

    it('keeps 100 MB of output', async () => {
      const [result] = await doAll(host, run('head', '-c', '100000000', '/dev/zero'))
      expect(result?.stdout.equals(Buffer.alloc(100_000_000))).toBe(true)
    })

    it('ends what prints without end, and goes on', async () => {
      const done = await perform(host, [run('yes')])
      expect(done.failure).toMatchObject({
        reason: 'overflowed',
        message: expect.stringMatching(/^cannot run yes: it printed more than can be kept and was ended/) as string,
      })
      expect(await printed(run('echo', 'on'))).toBe('on\n')
    })
  })
}
