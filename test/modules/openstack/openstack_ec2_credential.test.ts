import { describe, expect, it } from 'vitest'
import { ec2Credentials, type Ec2Credential } from '../../../modules/facts/ec2-credentials.ts'
import { keystoneUser } from '../../../modules/facts/keystone-token.ts'
import openstackEc2Credential from '../../../modules/openstack/openstack_ec2_credential.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'
import { AUTH, LOGIN, requestsOf, WAY } from './requests.ts'

const host = (project: string | null, ...credentials: readonly Ec2Credential[]): FakeHost =>
  new FakeHost([
    [keystoneUser(LOGIN, WAY), { kind: 'known', user: 'u1', project }],
    [ec2Credentials(LOGIN, WAY, 'u1'), { kind: 'known', credentials }],
  ])
const key = (access: string, project = 'p1'): Ec2Credential => ({ access, secret: `secret of ${access}`, project })

describe('openstack_ec2_credential', () => {
  it.each<[string, JsonObject, FakeHost, readonly string[]]>([
    ['makes one', {}, host('p1', key('a', 'p2')), ['POST /v3/users/u1/credentials/OS-EC2 {"tenant_id":"p1"}']],
    ['takes the one that is there', {}, host('p1', key('a')), []],
    [
      'removes all of the project',
      { state: 'absent' },
      host('p1', key('a'), key('b', 'p2'), key('c')),
      ['DELETE /v3/users/u1/credentials/OS-EC2/a', 'DELETE /v3/users/u1/credentials/OS-EC2/c'],
    ],
    [
      'removes one',
      { state: 'absent', access: 'c' },
      host('p1', key('a'), key('c')),
      ['DELETE /v3/users/u1/credentials/OS-EC2/c'],
    ],
    [
      'cannot name one',
      { access: 'z' },
      host('p1', key('a')),
      [
        'the user admin has no access key z in this project: Keystone names keys by itself, leave access out to have one made',
      ],
    ],
    ['needs a project', {}, host(null), ['the user admin logs in to no project: a key is for one']],
  ])('%s', async (_name, args, on, steps) => {
    expect(await requestsOf(openstackEc2Credential, args, on)).toEqual(steps)
  })

  it('gives the key, and does not know a new one before it is made', async () => {
    const there = await planOf(openstackEc2Credential, { auth: AUTH }, host('p1', key('b'), key('a')))
    expect(there.result).toMatchObject({ access: 'a', secret: 'secret of a', project_id: 'p1', user_id: 'u1' })
    expect(await planOf(openstackEc2Credential, { auth: AUTH }, host('p1'))).toMatchObject({ foretold: false })
    const body = JSON.stringify({ credential: { access: 'n', secret: 's', tenant_id: 'p1' } })
    const responses = [
      { status: 201, body: '' },
      { status: 201, body },
    ]
    const stdout = Buffer.from(JSON.stringify({ kind: 'answered', responses }))
    const done = { status: 0, stdout, stderr: Buffer.alloc(0), start: 0, end: 0 }
    const made = openstackEc2Credential.result?.({ auth: AUTH, state: 'present' }, {}, [done])
    expect(made).toEqual({ access: 'n', secret: 's' })
  })
})
