/** What Keystone fills into an endpoint's url: https://docs.openstack.org/keystone/latest/admin/configuration.html, endpoint_substitution_whitelist. */
const KEYS = [
  'project_id',
  'tenant_id',
  'user_id',
  'public_bind_host',
  'admin_bind_host',
  'compute_host',
  'admin_port',
  'public_port',
  'public_endpoint',
  'admin_endpoint',
]

/** What is wrong with an endpoint's url, for people; null where Keystone can serve it. */
export function urlFault(url: string): string | null {
  if (!/^https?:\/\/[^/\s]+/.test(url)) return `"${url}" is no url: it begins with http:// or https:// and a host`
  if (/\s/.test(url)) return `"${url}" has a space in it`
  for (const [sign, after = ''] of url.matchAll(/[%$](?=(.*))/g)) {
    const [, key, end] = /^\(([^)]*)\)(.?)/.exec(after) ?? []
    if (key === undefined) {
      if (sign === '%') return `"${url}" has a % that begins no place-holder: %(project_id)s is one`
      continue
    }
    if (!KEYS.includes(key)) return `"${url}": Keystone has nothing to put in for ${key}: it knows ${KEYS.join(', ')}`
    if (end !== 's') return `"${url}": the place-holder of ${key} lacks its final s: %(${key})s`
  }
  return null
}

/** The same for urls that mean the same to Keystone: `$(tenant_id)s` and `%(project_id)s` are one place-holder. */
export function sameUrl(url: string): string {
  return url.replaceAll('$(', '%(').replaceAll('%(tenant_id)s', '%(project_id)s')
}
