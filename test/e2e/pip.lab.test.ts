import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, workplace, type Report } from './drover.ts'

/** Two packages of Python's, of which one needs the other, as wheels in /opt/wheels; and a list of requirements. */
const wheels = `
mkdir -p /opt/wheels /srv/app && cd /opt/wheels && python3 - <<'END'
import zipfile
def wheel(name, version, requires=()):
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\\n" for one in requires)
    files = {
        f"{name}.py": f"version = '{version}'\\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: tests\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
wheel("tool", "1.0", ["library>=1.0"])
wheel("tool", "2.0", ["library>=1.0"])
wheel("library", "1.1")
END
printf 'tool==1.0 # pinned\\n' >/srv/app/requirements.txt
`
const local = '--no-index --find-links /opt/wheels'
const venv = { virtualenv: '/srv/venv', virtualenv_command: 'python3 -m venv', extra_args: local }
/** Each after those before it: what it is called, the arguments, what it should change. */
const cases: readonly (readonly [name: string, args: object, changes: readonly string[]])[] = [
  ['environment', { name: ['tool==1.0', 'library'], ...venv }, ['tool: null → "==1.0"', 'library: null → "present"']],
  ['upgrade', { name: 'tool', state: 'latest', ...venv }, ['tool: "1.0" → "2.0"']],
  ['version', { name: 'Tool', version: '<2', ...venv }, ['tool: "2.0" → "<2"']],
  ['list that is met', { requirements: 'requirements.txt', chdir: '/srv/app', ...venv }, []],
  ['wheel', { name: '/opt/wheels/tool-2.0-py3-none-any.whl', ...venv }, ['tool: "1.0" → "2.0"']],
  ['list', { requirements: 'requirements.txt', chdir: '/srv/app', ...venv }, ['tool: "2.0" → "1.0"']],
  ['gone', { name: ['tool', 'nothing'], state: 'absent', virtualenv: '/srv/venv' }, ['tool: "1.0" → null']],
]

const changesOf = ({ results }: Report): readonly string[] =>
  (results.get('pip @ n1')?.changes ?? []).flatMap(({ subject, attributes }) =>
    subject === 'Python packages'
      ? (attributes ?? []).map(
          ({ name, before, after }) => `${name}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
        )
      : [],
  )

describe.skipIf(!labAvailable)('packages of Python', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await lab.node('n1').reset('pip')
    await lab.node('n1').sh(wheels)
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await lab?.node('n1').reset()
  })
  const run = (args: object, ...more: readonly string[]): Promise<Report> => {
    const tasks = [{ name: 'pip', pip: args }]
    return report([
      work.file('pip.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }])),
      '-i',
      lab.inventory,
      ...more,
    ])
  }
  it.each(cases)('%s', async (_, args, changes) => {
    const predicted = await run(args, '--check')
    const done = await run(args)
    expect(done.results.get('pip @ n1')?.message).toBeNull()
    expect(changesOf(done)).toEqual(changes)
    expect(outcomes(predicted)).toEqual(outcomes(done))
    expect(outcomes(await run(args))).toEqual({ 'pip @ n1': { outcome: 'ok', changes: [] } })
  })
  it('leaves the packages of the host to its package manager', async () => {
    const refused = await run({ name: 'tool', extra_args: local })
    expect(refused.results.get('pip @ n1')?.message).toContain('PEP 668')
    const broken = { name: 'library', extra_args: local, break_system_packages: true }
    expect(outcomes(await run(broken))).toMatchObject({ 'pip @ n1': { outcome: 'changed' } })
  })
})
