import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { report, workplace, type Report } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

const KINDS = ['tar.gz', 'tar.zst', 'zip'] as const

/** Archives of each kind: one that is as it should be, one of which the end is missing, and such as lead out of a directory. */
const stage = `set -e
mkdir -p /srv/tree/sub "/srv/tree/two words" && cd /srv
echo a >tree/a; echo b >"tree/two words/b;\\$(id)"; head -c 100000 /dev/urandom >tree/sub/big; chmod 750 tree/sub/big
tar -czf good.tar.gz tree; tar --zstd -cf good.tar.zst tree; zip -qr good.zip tree
for kind in ${KINDS.join(' ')}; do head -c 20000 good.$kind >cut.$kind; done
python3 - <<'END'
import io, tarfile, zipfile
for kind, mode in (("tar.gz", "w:gz"), ("tar", "w")):
    with tarfile.open(f"/srv/up.{kind}", mode) as archive:
        entry = tarfile.TarInfo("sub/../../escaped")
        entry.size = 2
        archive.addfile(entry, io.BytesIO(b"x\\n"))
for name, member in (("up", "../escaped"), ("root", "/srv/escaped")):
    with zipfile.ZipFile(f"/srv/{name}.zip", "w") as archive:
        archive.writestr(member, "x\\n")
END
zstd -q up.tar -o up.tar.zst
echo kept >escaped
tar -cPzf root.tar.gz /srv/escaped
`

describe.skipIf(!labAvailable)('archives', () => {
  let lab: Lab
  let node: LabNode
  let had: readonly string[]
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    await node.sh(stage)
    for (const name of KINDS.flatMap((kind) => [`good.${kind}`, `cut.${kind}`]))
      writeFileSync(join(work.path, name), Buffer.from(await node.sh(`base64 </srv/${name}`), 'base64'))
    had = await belongings(node)
  })
  afterAll(work.remove)

  const run = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const tolerant = tasks.map((task, index) => ({ name: `task ${index}`, ...task, ignore_errors: true }))
    const playbook = work.file('play.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks: tolerant }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }
  /** How each task ends in a check, in the run, and in a second one. */
  const thrice = async (tasks: readonly object[]) => {
    const all = [await run(tasks, '--check'), await run(tasks), await run(tasks)]
    return all.map(({ results }) => [...results.values()].map(({ outcome, changes }) => ({ outcome, changes })))
  }
  const converged = { outcome: 'ok', changes: [] }

  it('are unpacked once, from the controller and from the host', async () => {
    const cases = KINDS.flatMap((kind) => [
      { src: `good.${kind}`, dest: `/srv/from-here-${kind}` },
      { src: `/srv/good.${kind}`, dest: `/srv/from-there-${kind}`, remote_src: true },
    ])
    await node.sh(`mkdir ${cases.map(({ dest }) => dest).join(' ')}`)
    const [predicted, done, again] = await thrice(cases.map((unarchive) => ({ unarchive })))
    expect(done).toMatchObject(cases.map(() => ({ outcome: 'changed' })))
    expect(predicted).toEqual(done)
    expect(again).toEqual(cases.map(() => converged))
    for (const { dest } of cases)
      await node.sh(`diff -r /srv/tree ${dest}/tree; stat -c %a ${dest}/tree/sub/big | grep -x 750`)
  })
  it('are unpacked again where a file was changed', async () => {
    await node.sh('echo other >/srv/from-here-zip/tree/a; rm /srv/from-there-tar.gz/tree/a')
    const tasks = [
      { unarchive: { src: 'good.zip', dest: '/srv/from-here-zip' } },
      { unarchive: { src: '/srv/good.tar.gz', dest: '/srv/from-there-tar.gz', remote_src: true } },
    ]
    const [predicted, done, again] = await thrice(tasks)
    expect(done).toMatchObject([{ outcome: 'changed' }, { outcome: 'changed' }])
    expect([predicted, again]).toEqual([done, [converged, converged]])
    await node.sh('diff -r /srv/tree /srv/from-here-zip/tree; diff -r /srv/tree /srv/from-there-tar.gz/tree')
  })
  it('are refused where they are damaged or lead out of the directory, and nothing is unpacked', async () => {
    const sources = [
      ...KINDS.flatMap((kind) => [
        { src: `cut.${kind}` },
        { src: `/srv/cut.${kind}`, remote_src: true },
        { src: `/srv/up.${kind}`, remote_src: true },
      ]),
      { src: '/srv/root.zip', remote_src: true },
    ]
    await node.sh('mkdir -p /srv/refused/in')
    const tasks = sources.map((source) => ({ unarchive: { ...source, dest: '/srv/refused/in', owner: 'nobody' } }))
    for (const more of [['--check'], []]) {
      const messages = [...(await run(tasks, ...more)).results.values()].map(
        ({ outcome, message }) => `${outcome}: ${message}`,
      )
      const wanted = sources.map(({ src }) =>
        src.includes('cut.') ? /^failed: .*cannot read the archive/ : /^failed: .*leads out of the directory/,
      )
      expect(messages.filter((message, index) => wanted[index]?.test(message) !== true)).toEqual([])
    }
    expect(await node.sh('find /srv/refused; cat /srv/escaped; stat -c %U /srv/escaped')).toBe(
      '/srv/refused\n/srv/refused/in\nkept\nroot\n',
    )
  })
  it('with absolute paths stay within the directory, with all that is done to files', async () => {
    const unarchive = { src: '/srv/root.tar.gz', dest: '/srv/inside', remote_src: true, owner: 'nobody', mode: '0600' }
    await node.sh('mkdir /srv/inside')
    const [predicted, done, again] = await thrice([{ unarchive }])
    expect([predicted, again]).toEqual([done, [converged]])
    expect(await node.sh('stat -c "%U %a" /srv/escaped /srv/inside/srv/escaped')).toBe('root 644\nnobody 600\n')
  })
  it('are made once, and hold what they should', async () => {
    const cases = [
      { path: '/srv/tree', dest: '/opt/made.tar.gz', mode: '0600' },
      { path: ['/srv/tree/sub', '/srv/tree/two words'], dest: '/opt/made.tar.xz', format: 'xz' },
      { path: '/srv/tree', dest: '/opt/made.zip', format: 'zip', exclusion_patterns: ['big'] },
      { path: '/srv/escaped', format: 'bz2' },
    ]
    const tasks = cases.map((archive) => ({ archive }))
    const [predicted, done, again] = await thrice(tasks)
    expect(done).toMatchObject(cases.map(() => ({ outcome: 'changed' })))
    expect([predicted, again]).toEqual([done, cases.map(() => converged)])
    expect(
      await node.sh('bzip2 -dc /srv/escaped.bz2; unzip -Z1 /opt/made.zip | sort; stat -c %a /opt/made.tar.gz'),
    ).toBe('kept\ntree/\ntree/a\ntree/sub/\ntree/two words/\ntree/two words/b;$(id)\n600\n')
    await node.sh('mkdir /srv/o; tar -C /srv/o -xf /opt/made.tar.gz; diff -r /srv/tree /srv/o/tree')
    await node.sh('head -c 100 /opt/made.tar.gz >/opt/half; mv /opt/half /opt/made.tar.gz; echo more >/srv/tree/a')
    const [, mended, then] = await thrice(tasks.slice(0, 1))
    expect([mended, then]).toMatchObject([[{ outcome: 'changed' }], [converged]])
  })
  it('leave nothing behind', async () => {
    expect(await leftOn(node, had)).toEqual([])
  })
})
