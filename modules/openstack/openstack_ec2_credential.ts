import {
  ec2CredentialMade,
  ec2Credentials,
  ec2Path,
  type Ec2Credential,
  type Ec2Credentials,
} from '../facts/ec2-credentials.ts'
import { TOKEN } from '../facts/keystone-catalog.ts'
import { keystoneUser } from '../facts/keystone-token.ts'
import { keystoneOf, keystoneProperties } from '../lib/keystone-args.ts'
import { keystoneStep, type KeystoneAccess } from '../lib/keystone-step.ts'
import { defineModule, propose, refuse, type JsonObject } from '../module.ts'
import { becomes, stale, type Effect, type Step } from '../step.ts'

interface State {
  readonly keystone: KeystoneAccess
  readonly user: string
  readonly project: string
  readonly known: Ec2Credentials
}

export default defineModule({
  name: 'openstack_ec2_credential',
  summary: 'Have an access key for the S3 and EC2 APIs of an OpenStack cloud.',
  description:
    'The key is of the user and the project that log in; it is what Horizon shows under “View Credentials”. One that is there is used, else Keystone makes one: a check cannot know which. With the Identity API v2.0 (`auth_url` ending in /v2.0), tested with a stand-in, too.',
  args: {
    type: 'object',
    properties: {
      ...keystoneProperties,
      access: {
        type: 'string',
        description: 'One key of several; where unset, the first that the project has, and with `state: absent` all.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether there is one.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    access: 'The access key.',
    secret: 'The secret key; it can be used in later tasks, and is shown nowhere.',
    user_id: 'Whose it is.',
    project_id: 'The project that it is for.',
  },
  secretReturns: ['secret'],
  examples: [
    {
      title: 'A key to use the S3 API with',
      task: 'openstack_ec2_credential: { cloud: demo }\nregister: ec2',
      needs: 'Keystone',
    },
    { title: 'No keys any more', task: 'openstack_ec2_credential: { cloud: demo, state: absent }', needs: 'Keystone' },
  ],
  async observe(host, args): Promise<State | string> {
    const keystone = await keystoneOf(host, args)
    if (typeof keystone === 'string') return keystone
    const token = await host.get(keystoneUser(keystone.login, keystone.way))
    if (token.kind === 'unknown') return token.message
    const { user, project } = token
    if (project === null) return `${keystone.login.who} logs in to no project: a key is for one`
    return { keystone, user, project, known: await host.get(ec2Credentials(keystone.login, keystone.way, user)) }
  },
  plan({ access, state: wanted }, state) {
    if (typeof state === 'string') return refuse(state)
    const { known, user, project } = state
    if (known.kind === 'unknown') return refuse(known.message)
    const ids = { user_id: user, project_id: project }
    const there = known.credentials
      .filter((one) => one.project === project && (access === undefined || one.access === access))
      .toSorted((a, b) => (a.access < b.access ? -1 : 1))
    if (wanted === 'absent') {
      let left: readonly Ec2Credential[] = known.credentials
      const steps = there.map((one) => {
        left = left.filter((other) => other !== one)
        return removal(one, state, becomes(factOf(state), { kind: 'known', credentials: left }))
      })
      return propose(steps, ids)
    }
    const [first] = there
    if (first !== undefined) return propose([], { ...ids, access: first.access, secret: first.secret })
    if (access !== undefined)
      return refuse(
        `${state.keystone.login.who} has no access key ${access} in this project: Keystone names keys by itself, leave access out to have one made`,
      )
    return { ...propose([creation(state)], ids), foretold: false }
  },
  result({ state: wanted }, _state, performed): JsonObject {
    const [made] = wanted === 'absent' ? [] : performed.flatMap(({ stdout }) => ec2CredentialMade(stdout) ?? [])
    return made === undefined ? {} : { access: made.access, secret: made.secret }
  },
})

const factOf = ({ keystone: { login, way }, user }: State) => ec2Credentials(login, way, user)

function creation(state: State): Step {
  const { keystone, user, project } = state
  const body = { tenant_id: project }
  const request = { method: 'POST', path: ec2Path(keystone.login, user), headers: TOKEN, body } as const
  return keystoneStep(
    { subject: `access key of project ${project}`, verb: 'create' },
    state.keystone,
    [request],
    [stale(factOf(state))],
  )
}

function removal({ access }: Ec2Credential, state: State, effect: Effect): Step {
  const path = `${ec2Path(state.keystone.login, state.user)}/${encodeURIComponent(access)}`
  return keystoneStep(
    { subject: `access key ${access}`, verb: 'remove' },
    state.keystone,
    [{ method: 'DELETE', path, headers: TOKEN }],
    [effect],
  )
}
