import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import { editPipeline, filtersOf } from '../../../modules/lib/paste-pipeline.ts'
import swiftPipeline from '../../../modules/openstack/swift_pipeline.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'

const PATH = '/etc/swift/proxy-server.conf'
const NAMES = ['logging', 'cache', 'authtoken', 'keystoneauth', 's3api', 's3token', 'slo']
const file = (pipeline: string): string =>
  `# of swift\n[pipeline:main]\r\n  pipeline  =${pipeline}\n#pipeline = x\n\n[app:proxy]\n${NAMES.map((name) => `[filter:${name}]\nuse = egg:swift#${name}\n`).join('')}`
const host = (text: string | null): FakeHost =>
  new FakeHost([
    [creator(), ROOT],
    ...(text === null
      ? []
      : ([
          [stat(PATH), predictedStat('file', { mode: '0640', group: 'swift' })],
          [content(PATH), Buffer.from(text, 'latin1')],
        ] as const)),
  ])

/** The pipeline after the task, what it is without a step in brackets; or why there is none. The rest of the file stays as it is. */
async function after(pipeline: string, args: JsonObject): Promise<string> {
  const before = host(file(pipeline))
  const plan = await planOf(swiftPipeline, args, before)
  if (plan.kind === 'refusal') return plan.message
  expect(await planOf(swiftPipeline, args, before.after(plan))).toMatchObject({ steps: [] })
  const words = (plan.result['pipeline'] as readonly string[]).join(' ')
  const [step] = plan.steps
  if (step === undefined) return `(${words})`
  expect(step.change.text?.after).toBe(file(` ${words}`))
  return words
}

describe('swift_pipeline', () => {
  it.each<[string, string, JsonObject, string]>([
    [
      'behind a neighbour',
      ' cache authtoken proxy',
      { filter: ['s3api', 's3token'], after: 'cache' },
      'cache s3api s3token authtoken proxy',
    ],
    [
      'before a neighbour',
      ' cache authtoken proxy',
      { filter: ['s3api', 's3token'], before: 'authtoken' },
      'cache s3api s3token authtoken proxy',
    ],
    ['before the application', ' cache proxy', { filter: 'slo' }, 'cache slo proxy'],
    [
      'what is on the right side stays',
      ' cache authtoken slo s3api logging s3token keystoneauth proxy',
      { filter: ['s3api', 's3token'], after: 'authtoken', before: 'keystoneauth' },
      '(cache authtoken slo s3api logging s3token keystoneauth proxy)',
    ],
    [
      'what is on the wrong side moves',
      ' s3api cache authtoken slo proxy',
      { filter: ['s3api', 's3token'], after: 'authtoken' },
      'cache authtoken s3api s3token slo proxy',
    ],
    [
      'what is in the wrong order moves',
      ' authtoken s3token s3api proxy',
      { filter: ['s3api', 's3token'], after: 'authtoken' },
      'authtoken s3api s3token proxy',
    ],
    [
      'duplicates are kept',
      ' logging cache logging proxy',
      { filter: 'slo', after: 'logging' },
      'logging slo cache logging proxy',
    ],
    [
      'the last of two neighbours',
      ' logging cache logging proxy',
      { filter: 'slo', before: 'logging' },
      'logging cache slo logging proxy',
    ],
    [
      'names with a scheme need no section',
      ' egg:swift#tempurl proxy',
      { filter: 'slo' },
      'egg:swift#tempurl slo proxy',
    ],
    ['removes', ' logging cache logging proxy', { filter: ['logging', 'slo'], state: 'absent' }, 'cache proxy'],
    ['removes nothing', ' cache proxy', { filter: 'slo', state: 'absent' }, '(cache proxy)'],
    ['the whole', ' cache proxy', { pipeline: ['slo', 'cache', 'proxy'] }, 'slo cache proxy'],
    [
      'the whole as it is, over several lines',
      '\n    cache\n    # why\n    proxy',
      { pipeline: ['cache', 'proxy'] },
      '(cache proxy)',
    ],
    [
      'no such neighbour',
      ' cache proxy',
      { filter: 'slo', after: 'authtoken' },
      `${PATH}: authtoken is not in the pipeline: cache proxy`,
    ],
    [
      'no place between neighbours',
      ' cache authtoken proxy',
      { filter: 'slo', after: 'authtoken', before: 'cache' },
      `${PATH}: nothing can be after authtoken and before cache: cache authtoken proxy`,
    ],
    [
      'nothing after the application',
      ' cache proxy',
      { filter: 'slo', after: 'proxy' },
      `${PATH}: nothing can be after proxy and before the application: cache proxy`,
    ],
    [
      'no section',
      ' cache proxy',
      { filter: 'swauth' },
      `${PATH} says nothing of swauth, and the service would not start: a section such as [filter:swauth] is missing`,
    ],
    [
      'an application that is none',
      ' cache proxy',
      { pipeline: ['proxy', 'cache'] },
      `${PATH} says nothing of proxy, cache, and the service would not start: a section such as [filter:proxy] is missing`,
    ],
    [
      'not without the application',
      ' cache proxy',
      { filter: 'proxy', state: 'absent' },
      `${PATH}: proxy is what the pipeline ends in, the application: without it there is no pipeline`,
    ],
    ['no name', ' cache proxy', { filter: 'a b' }, 'this can be no filter\'s name: "a b"'],
    ['its own neighbour', ' cache proxy', { filter: 'cache', after: 'cache' }, 'cache cannot be its own neighbour'],
    [
      'neighbours of what is absent',
      ' cache proxy',
      { filter: 'slo', after: 'cache', state: 'absent' },
      'what is absent has no neighbours: leave before and after out',
    ],
  ])('%s', async (_name, pipeline, args, expected) => {
    expect(await after(pipeline, args)).toBe(expected)
  })

  it.each<[string, string | null, JsonObject, string]>([
    ['no file', null, { filter: 'slo' }, 'does not exist'],
    ['no pipeline', '[app:proxy]\n[filter:slo]\n', { filter: 'slo' }, 'has no pipeline in [pipeline:main]'],
    ['two pipelines', '[pipeline:main]\npipeline = a\npipeline = b\n', { filter: 'slo' }, 'has 2 pipelines'],
  ])('refuses %s', async (_name, text, args, message) => {
    expect(await planOf(swiftPipeline, args, host(text))).toMatchObject({ message: expect.stringContaining(message) })
  })

  it('makes the section of a whole pipeline', async () => {
    const plan = await planOf(swiftPipeline, { pipeline: ['slo', 'proxy'] }, host('[app:proxy]\n[filter:slo]\n'))
    expect(plan).toMatchObject({
      steps: [{ change: { text: { after: expect.stringContaining('[pipeline:main]\npipeline = slo proxy\n') } } }],
    })
  })

  it('keeps all others in their order, and finds its own work done', () => {
    const filter = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(
        fc.array(filter),
        fc.uniqueArray(fc.constantFrom('a', 'x', 'y'), { minLength: 1 }),
        fc.option(fc.constantFrom('b', 'c')),
        (before, filters, neighbour) => {
          const wish = { kind: 'present', filters, after: neighbour, before: null } as const
          const done = editPipeline([...before, 'app'], wish)
          if (typeof done === 'string') return
          const others = (all: readonly string[]) => all.filter((name) => !filters.includes(name as 'a'))
          expect(others(done)).toEqual([...others(before), 'app'])
          expect(filters.filter((name) => !done.includes(name))).toEqual([])
          expect(editPipeline(done, wish)).toEqual(done)
          expect(filtersOf(done.join('\n  '))).toEqual(done)
        },
      ),
    )
  })
})
