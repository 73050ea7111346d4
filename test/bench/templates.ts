import { spawnSync } from 'node:child_process'
import { renderFile } from '../../runner/template/compile.ts'
import type { Scope } from '../../runner/template/template.ts'

/** Renders one template of 200 lines with 50 variables for 1,000 hosts, in drover and in python3-jinja2, and says how long each took. */
const hosts = 1_000

const source = Array.from({ length: 40 }, (_, at) =>
  [
    `# {{ var${at} }} on {{ inventory_hostname }}`,
    `{% if enabled and var${at} | length > 2 %}`,
    `name${at} = {{ var${at} | upper | replace('A', '-') }}:{{ port + ${at} }} {{ users[${at % 3}].name | default('x') }}`,
    `{% for user in users if user.uid > 1000 %}  {{ loop.index }}. {{ user.name }}={{ '%05d' % user.uid }}\n{% endfor %}`,
    `{% endif %}`,
  ].join('\n'),
).join('\n')

const variablesOf = (host: number): { readonly [name: string]: unknown } => ({
  ...Object.fromEntries(Array.from({ length: 46 }, (_, at) => [`var${at}`, `value ${at} of host ${host}`])),
  inventory_hostname: `host${host}`,
  enabled: true,
  port: 1000 + host,
  users: [
    { name: 'alice', uid: 1001 },
    { name: 'bob', uid: 1000 },
    { name: 'carol', uid: 1003 },
  ],
})

const python = `
import json, sys, time, jinja2
request = json.load(sys.stdin)
environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
start = time.perf_counter()
template = environment.from_string(request["source"])
texts = [template.render(variables) for variables in request["hosts"]]
print(json.dumps({"seconds": time.perf_counter() - start, "last": texts[-1]}))
`

const everything = Array.from({ length: hosts }, (_, at) => variablesOf(at))
const scopes: readonly Scope[] = everything.map((variables) => ({
  get: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  names: () => Object.keys(variables),
}))
const start = performance.now()
let last = ''
for (const scope of scopes) last = renderFile(source, scope, { newlineSequence: '\n' })
const ours = (performance.now() - start) / 1000
console.log(`drover:         ${ours.toFixed(2)} s, ${Math.round(hosts / ours)} hosts a second`)

const input = JSON.stringify({ source, hosts: everything })
const run = spawnSync('/usr/bin/python3', ['-c', python], { input, encoding: 'utf8', maxBuffer: 2 ** 28 })
if (run.status === 0) {
  const jinja = JSON.parse(run.stdout) as { readonly seconds: number; readonly last: string }
  console.log(`python3-jinja2: ${jinja.seconds.toFixed(2)} s, ${Math.round(hosts / jinja.seconds)} hosts a second`)
  if (jinja.last !== last) throw new Error('the two did not render the same text')
} else console.log('python3-jinja2 is not installed: nothing to compare with')
