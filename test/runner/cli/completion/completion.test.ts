import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completionScript } from '../../../../runner/cli/completion/script.ts'
import { program } from '../../../../runner/cli/program.ts'
import { writeFiles } from '../../inventory/files.ts'

/** Shells that are not installed are not tried, but in CI all are. */
const installed = (shell: string): boolean =>
  process.env['CI'] !== undefined || spawnSync(shell, ['-c', 'exit 0']).status === 0

const files = (): string =>
  writeFiles({
    'site.yml': '[]\n',
    'sites/x': '',
    'modules/motd.ts': '',
    'roles/web/library/hostnames.mjs': '',
    'library/README.md': '',
    'two words.yml': '',
    'd.bash': completionScript('bash', program()),
    'd.zsh': completionScript('zsh', program()),
    'd.fish': completionScript('fish', program()),
  })

/** What a shell writes that runs in a directory with playbooks and the scripts. */
function shell(command: string, args: readonly string[]): readonly string[] {
  const { stdout, stderr, error } = spawnSync(command, args, {
    cwd: files(),
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, TERM: 'dumb', HOME: '/nonexistent' },
  })
  if (error !== undefined) throw error
  return [...stdout.split('\n'), ...stderr.split('\n')].filter((line) => line !== '')
}

/** Words before the cursor, the last to be completed: as bash splits them. */
function inBash(...words: readonly string[]): readonly string[] {
  const script = 'source d.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _drover; printf "%s\\n" "${COMPREPLY[@]}"'
  return shell('bash', ['--norc', '-c', script, 'bash', ...words])
}
const inFish = (line: string): readonly string[] =>
  shell('fish', ['--no-config', '-c', 'source d.fish; complete -C $argv[1]', line]).map((word) =>
    word.replace(/\t.*/, ''),
  )
const inZsh = (line: string): readonly string[] =>
  shell('zsh', ['-f', join(import.meta.dirname, 'zsh-complete.zsh'), 'd.zsh', line]).map((word) => word.trimEnd())

describe('bash', () => {
  it.each([
    [
      ['drover', ''],
      ['run', 'exec', 'facts', 'doc', 'inventory', 'vault', 'quickstart', 'schema', 'completion', 'test-module'],
    ],
    [
      ['drover', 'vault', 'en'],
      ['encrypt', 'encrypt-string'],
    ],
    [['drover', 'run', '--inv'], ['--inventory']],
    [['drover', 'vault', 'encrypt', '--out'], ['--output']],
    [
      ['drover', 'run', 'si'],
      ['site.yml', 'sites'],
    ],
    [['drover', 'run', 'site.yml', 'tw'], ['two words.yml']],
    [['drover', 'run', '-i', 'site.'], ['site.yml']],
    [['drover', 'run', '--inventory', '=', 'site.'], ['site.yml']],
    [
      ['drover', 'run', '-i', 'vault', '--list-t'],
      ['--list-tasks', '--list-tags'],
    ],
    [
      ['drover', 'run', '--output', '='],
      ['auto', 'live', 'lines', 'json'],
    ],
    [
      ['drover', 'exec', '-m', 'hostn'],
      ['hostname', 'hostnames'],
    ],
    [['drover', 'doc', 'mot'], ['motd']],
    [['drover', 'doc', 'READ'], []],
    [['drover', 'exec', 'web', '-l', ''], []],
    [['drover', 'doc', 'copy', 'include_v'], ['include_vars']],
    [
      ['drover', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['drover', 'completion', 'bash', ''], []],
    [['drover', 'schema', 'si'], ['sites']],
    [['drover', 'run', '--', '-'], []],
  ] as const)('%j', (words, found) => {
    expect(inBash(...words).toSorted()).toEqual([...found].toSorted())
  })

  it('offers every option that help shows', () => {
    for (const command of program().commands) {
      const shown = [...command.helpInformation().matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
        ([, option = '']) => option,
      )
      expect(shown.length).toBeGreaterThan(0)
      expect(inBash('drover', command.name(), '--').toSorted()).toEqual(shown.toSorted())
    }
  })
})

describe.skipIf(!installed('fish'))('fish', () => {
  it.each([
    ['drover qu', ['quickstart']],
    ['drover vault re', ['rekey']],
    ['drover run --inv', ['--inventory']],
    ['drover run -i vault --list-t', ['--list-tags', '--list-tasks']],
    ['drover run si', ['site.yml', 'sites/']],
    ['drover run --output j', ['json']],
    ['drover exec web -m hostn', ['hostname', 'hostnames']],
    ['drover doc mot', ['motd']],
    ['drover doc copy include_v', ['include_vars']],
    ['drover schema si', ['sites/']],
    ['drover facts si', []],
  ])('%s', (line, found) => expect(inFish(line).toSorted()).toEqual(found))
})

describe.skipIf(!installed('zsh'))('zsh', () => {
  it.each([
    ['drover qu', ['drover quickstart']],
    ['drover vault rek', ['drover vault rekey']],
    ['drover run --inv', ['drover run --inventory=']],
    ['drover run site.', ['drover run site.yml']],
    ['drover run --output=js', ['drover run --output=json']],
    ['drover exec web -m hostnames', ['drover exec web -m hostnames']],
    ['drover doc mot', ['drover doc motd']],
    ['drover exec -m timez', ['drover exec -m timezone']],
    ['drover doc copy include_v', ['drover doc copy include_vars']],
    ['drover schema si', ['drover schema sites/']],
    ['drover run --step --syn', ['drover run --step --syntax-check']],
  ])('%s', (line, found) => expect(inZsh(line)).toEqual(found))
})
