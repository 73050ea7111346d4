import { describe, expect, it } from 'vitest'
import galeraCheck from '../../../modules/database/galera_check.ts'
import { galeraNode, type GaleraNode } from '../../../modules/facts/galera-node.ts'
import { grastate, type Grastate } from '../../../modules/facts/grastate.ts'
import { loginOf, loginTo } from '../../../modules/lib/sql-login.ts'
import { tooLate } from '../../../modules/step.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const UUID = '6a7a4d2e-0000-11f0-9cd5-0f6a3b1f4c11'
const ADDRESSES = '10.0.32.11:3306,10.0.32.12:3306,10.0.32.13:3306'
const STATUS = {
  wsrep_ready: 'ON',
  wsrep_connected: 'ON',
  wsrep_cluster_status: 'Primary',
  wsrep_local_state: '4',
  wsrep_local_state_comment: 'Synced',
  wsrep_cluster_size: '3',
  wsrep_cluster_name: 'lab',
  wsrep_cluster_state_uuid: UUID,
  wsrep_incoming_addresses: ADDRESSES,
}
const up = (changes: Readonly<Record<string, string>> = {}): GaleraNode => ({
  kind: 'up',
  status: { ...STATUS, ...changes },
})
const DOWN: GaleraNode = { kind: 'down', message: 'nothing answers' }
const DEFAULTS = { login_user: 'root', login_port: 3306, check_implicit_admin: false }
const stopped = (seqno: number, changes: Partial<Grastate> = {}): Grastate => ({
  uuid: UUID,
  seqno,
  safeToBootstrap: false,
  ...changes,
})

const alone = (node: GaleraNode, state: Grastate | null = null): FakeHost =>
  new FakeHost([
    [galeraNode(loginOf(DEFAULTS)), node],
    [grastate('/var/lib/mysql'), state],
  ])
const NODES = ['n1', 'n2:3307', '[::1]:3308']
const all = (...nodes: readonly GaleraNode[]): FakeHost =>
  new FakeHost([
    [grastate('/var/lib/mysql'), null],
    ...nodes.map((node, index): Known => [galeraNode(loginTo(NODES[index] ?? '', DEFAULTS)), node]),
  ])
const problemsOf = async (args: JsonObject, host: FakeHost): Promise<unknown> => {
  const plan = await planOf(galeraCheck, { timeout: 0, ...args }, host)
  return plan.result['problems']
}

/** What waiting for a minute gave. */
const looked = (values: readonly unknown[], status: number) => ({
  status,
  stdout: Buffer.from(JSON.stringify(values)),
  stderr: Buffer.alloc(0),
  start: 0,
  end: 61_000,
})
const told = (state: Grastate | null): JsonObject | null =>
  state && { uuid: state.uuid, seqno: state.seqno, safe_to_bootstrap: state.safeToBootstrap }

describe('galera_check', () => {
  it.each<[string, JsonObject, GaleraNode, readonly string[]]>([
    ['a healthy node', { size: 3 }, up(), []],
    ['its cluster’s name', { size: 3, cluster_name: 'lab' }, up(), []],
    ['another name', { size: 3, cluster_name: 'db' }, up(), ['this host: wsrep_cluster_name is lab instead of db']],
    [
      'a node that is synced with nobody but itself',
      { size: 3 },
      up({ wsrep_cluster_size: '1' }),
      ['this host: wsrep_cluster_size is 1 instead of 3'],
    ],
    [
      'a minority',
      { size: 3 },
      up({ wsrep_ready: 'OFF', wsrep_cluster_status: 'non-Primary', wsrep_cluster_size: '1' }),
      [
        'this host: wsrep_ready is OFF instead of ON, wsrep_cluster_status is non-Primary instead of Primary, wsrep_cluster_size is 1 instead of 3',
      ],
    ],
    [
      'a donor',
      { size: 3 },
      up({ wsrep_local_state: '2', wsrep_local_state_comment: 'Donor/Desynced' }),
      ['this host: wsrep_local_state is 2 (Donor/Desynced) instead of 4'],
    ],
    ['a donor that is allowed', { size: 3, allow_donor: true }, up({ wsrep_local_state: '2' }), []],
    ['no server', { size: 3 }, DOWN, ['this host: no answer: nothing answers']],
    [
      'a login that is refused',
      { size: 3 },
      { kind: 'denied', message: "Access denied for user 'root'@'localhost'" },
      ["this host: the server does not let us in: Access denied for user 'root'@'localhost'"],
    ],
    [
      'a server without Galera',
      { size: 3 },
      { kind: 'up', status: { wsrep_cluster_name: 'my_wsrep_cluster' } },
      ['this host: the server runs without Galera (wsrep_on is OFF)'],
    ],
  ])('judges %s', async (_name, args, node, problems) => {
    expect(await problemsOf(args, alone(node))).toEqual(problems)
  })

  it('compares nodes, whose lists of addresses have orders of their own', async () => {
    const reversed = ADDRESSES.split(',').toReversed().join(',')
    expect(await problemsOf({ nodes: NODES }, all(up(), up({ wsrep_incoming_addresses: reversed }), up()))).toEqual([])
    const stranger = up({ wsrep_cluster_state_uuid: 'other', wsrep_incoming_addresses: 'a,b,c' })
    expect(await problemsOf({ nodes: NODES }, all(up(), up(), stranger))).toEqual([
      `wsrep_cluster_state_uuid differs: n1 ${UUID}; n2:3307 ${UUID}; [::1]:3308 other`,
      `wsrep_incoming_addresses differs: n1 ${ADDRESSES}; n2:3307 ${ADDRESSES}; [::1]:3308 a,b,c`,
    ])
  })

  it('fails with a table of nodes and values', async () => {
    const plan = await planOf(galeraCheck, { nodes: NODES, timeout: 0 }, all(up(), DOWN, up()))
    expect(`${plan.kind === 'refusal' ? plan.message : ''}\n`).toMatchInlineSnapshot(`
      "the cluster is not healthy:
      n2:3307: no answer: nothing answers

      node        ready      connected  status   state   size  cluster  state uuid
      n1          ON         ON         Primary  Synced  3     lab      6a7a4d2e-0000-11f0-9cd5-0f6a3b1f4c11
      n2:3307     no answer
      [::1]:3308  ON         ON         Primary  Synced  3     lab      6a7a4d2e-0000-11f0-9cd5-0f6a3b1f4c11

      a new cluster may not be started: n1 is in a primary component: start the other nodes, they join it
      "
    `)
  })

  it('changes nothing, and waits only for what is not healthy', async () => {
    expect(await proposalOf(galeraCheck, { size: 3 }, alone(up()))).toMatchObject({ steps: [] })
    const waiting = await proposalOf(galeraCheck, { size: 3, timeout: 60, delay: 2 }, alone(DOWN))
    expect(waiting.result).toMatchObject({ changed: false, healthy: false })
    const [action] = waiting.steps.flatMap(({ actions }) => actions)
    expect(action).toMatchObject({ do: 'await', timeout: 60, delay: 2 })
    const missing = action?.do === 'await' ? action.missing : () => null
    expect([missing([null, up()]), missing([null, DOWN])]).toEqual([null, 'this host: no answer: nothing answers'])
  })

  it('tells what the last look gave', () => {
    const args = { size: 3, timeout: 60, delay: 5, datadir: '/var/lib/mysql', allow_donor: false, ...DEFAULTS }
    expect(galeraCheck.result?.(args, [], [looked([null, up()], 0)])).toMatchObject({ healthy: true, elapsed: 61 })
    expect(galeraCheck.result?.(args, [], [looked([null, DOWN], tooLate)])).toMatchObject({
      failed: true,
      healthy: false,
      msg: expect.stringMatching(/^after 61 s of waiting, the cluster is not healthy:\n/),
    })
  })

  const FRESH = stopped(-1, { uuid: '00000000-0000-0000-0000-000000000000', safeToBootstrap: true })
  it.each<[string, GaleraNode, JsonObject | undefined, Grastate | null, boolean, string | null, RegExp]>([
    ['a node lives', up({ wsrep_cluster_size: '2' }), undefined, null, false, null, /join it/],
    ['a node lives apart', up({ wsrep_cluster_status: 'non-Primary' }), undefined, null, false, null, /stop it first/],
    ['nobody knows', { kind: 'denied', message: 'no' }, undefined, stopped(7), false, null, /stop it first/],
    [
      'this one was the last',
      DOWN,
      undefined,
      stopped(7, { safeToBootstrap: true }),
      true,
      'this host',
      /last to stop/,
    ],
    ['others are not known', DOWN, undefined, stopped(7), false, null, /only 1 of 3 nodes are known/],
    ['fresh, and others are not known', DOWN, undefined, null, false, null, /only 1 of 3/],
    ['all are fresh', DOWN, { a: null, b: told(FRESH), c: null }, null, true, null, /any one/],
    [
      'one was the last',
      DOWN,
      { a: told(stopped(5)), b: told(stopped(7, { safeToBootstrap: true })), c: told(stopped(6)) },
      null,
      true,
      'b',
      /b was the last to stop/,
    ],
    [
      'one is the most advanced',
      DOWN,
      { a: told(stopped(5)), b: told(stopped(6)), c: told(stopped(7)) },
      null,
      true,
      'c',
      /c has the last transaction/,
    ],
    [
      'one broke off',
      DOWN,
      { a: told(stopped(5)), b: told(stopped(-1)), c: told(stopped(7)) },
      null,
      false,
      null,
      /b did not stop in order: run galera_recovery/,
    ],
    [
      'a start was broken off',
      DOWN,
      { a: told(stopped(5)), b: told(stopped(-1, { uuid: '' })), c: null },
      null,
      false,
      null,
      /^b: grastate\.dat is empty/,
    ],
    [
      'two clusters',
      DOWN,
      { a: told(stopped(5)), b: told(stopped(6, { uuid: 'other' })), c: null },
      null,
      false,
      null,
      /different clusters/,
    ],
  ])('says whether to bootstrap where %s', async (_name, node, grastates, state, safe, on, reason) => {
    const args = { size: 3, timeout: 0, ...(grastates === undefined ? {} : { grastates }) }
    const { result } = await planOf(galeraCheck, args, alone(node, state))
    expect(result['bootstrap']).toMatchObject({ safe, node: on, reason: expect.stringMatching(reason) })
  })

  it('keeps the password out of keys', () => {
    const secret = galeraNode(loginOf({ ...DEFAULTS, login_password: 'hunter2' }))
    expect(secret.key).not.toContain('hunter2')
    expect(secret.key).not.toBe(galeraNode(loginOf({ ...DEFAULTS, login_password: 'hunter3' })).key)
  })

  it('reads grastate.dat', () => {
    const text = `# GALERA saved state\nversion: 2.1\nuuid:    ${UUID}\nseqno:   1234\nsafe_to_bootstrap: 1\n`
    const fact = grastate('/var/lib/mysql')
    expect(fact.parse(Buffer.from(text))).toEqual(stopped(1234, { safeToBootstrap: true }))
    expect(fact.parse(Buffer.from('-\n'))).toBe(null)
    expect(fact.parse(Buffer.from(''))).toEqual(stopped(-1, { uuid: '' }))
    expect(() => fact.parse(Buffer.from('?\n'))).toThrow('become: true')
  })
})
