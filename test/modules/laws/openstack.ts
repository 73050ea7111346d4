import { parse } from 'yaml'
import { of } from './case.ts'

const endpoint = (region: string, urls: string): string =>
  `openstack_endpoint: { service: laws, region: ${region}, ${urls} }`
const at = (region: string, rest: string): string => `{ service: laws, region: ${region}, ${rest} }`

/** What the cases of Keystone's catalogue are to find: tasks, without how to log in. */
export const keystoneGiven: readonly object[] = [
  'openstack_service: { name: laws, service_type: laws, description: a }',
  ...['text', 'hidden', 'gone'].map((name) => `openstack_service: { name: laws-${name}, service_type: ${name} }`),
  ...['Right', 'Text', 'Hidden', 'Gone'].map((name) =>
    endpoint(`Laws${name}`, "public: 'http://a/%(tenant_id)s', admin: 'http://a/'"),
  ),
].map((task) => parse(task) as object)

/** Of modules that speak to Keystone; names and regions are for one case each. */
export const keystone = [
  // First, while a check knows what is there: which key Keystone will make nobody knows, nor what a token shows of what was changed.
  ...of(
    'openstack_ec2_credential',
    ['not there to be removed', 'ok', '{ access: laws-never, state: absent }'],
    ['not there', 'failed', '{ access: laws-never }'],
    ['none there', 'changed', '{}'],
  ),
  ...of('swift_account_info', ['no such service', 'failed', '{ service: laws-never }']),
  ...of(
    'openstack_service',
    ['nothing there', 'changed', '{ name: laws-new, service_type: new, description: "a\'b" }'],
    ['right', 'ok', '{ name: laws, service_type: laws, description: a }'],
    ['another description and type', 'changed', '{ name: laws-text, service_type: other, description: b }'],
    ['to be hidden', 'changed', '{ name: laws-hidden, service_type: hidden, enabled: false }'],
    ['to be removed', 'changed', '{ name: laws-gone, state: absent }'],
    ['not there to be removed', 'ok', '{ name: laws-never, state: absent }'],
    ['of no type', 'failed', '{ name: laws-untyped }'],
  ),
  ...of(
    'openstack_endpoint',
    ['nothing there, not even the region', 'changed', at('LawsNew', "public: 'http://a/%(tenant_id)s'")],
    ['right, with another place-holder', 'ok', at('LawsRight', "public: 'http://a/$(project_id)s'")],
    ['another url, and a new interface', 'changed', at('LawsText', "public: 'http://b/', internal: 'http://c/'")],
    ['to be hidden', 'changed', at('LawsHidden', "admin: 'http://a/', enabled: false")],
    ['to be removed', 'changed', at('LawsGone', 'interface: admin, state: absent')],
    ['not there to be removed', 'ok', at('LawsNever', 'state: absent')],
    ['of no service', 'failed', "{ service: laws-never, public: 'http://a/' }"],
    ['a place-holder of nothing', 'failed', at('LawsNever', "public: 'http://a/%(nothing)s'")],
  ),
]
