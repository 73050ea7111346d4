import { rpmManager, type RpmManager } from '../facts/package-manager.ts'
import { YUM_ARGS } from '../lib/yum-args.ts'
import { findJobs, type Jobs } from '../lib/yum-jobs.ts'
import { packageStep, yumAction, type Foreseen } from '../lib/yum-steps.ts'
import { yumOptions, type YumArgs } from '../lib/yum-words.ts'
import { defineModule, propose, refuse, type HostState, type Plan } from '../module.ts'
import type { Step } from '../step.ts'

interface State extends Jobs {
  readonly manager: RpmManager | null
}

export default defineModule({
  name: 'yum',
  aliases: ['dnf', 'dnf5'],
  summary: 'Install, upgrade and remove rpm packages with dnf or yum.',
  description:
    'All packages of a task in one transaction, with what the host has: dnf 5, dnf 4 or yum 3. Check mode shows which packages would come and go, dependencies included. ' +
    'Packages that are there are not looked for in the repositories; a package file or url is no change where the installed package is as new. ' +
    'A group is there when nothing of it remains to be installed.',
  args: YUM_ARGS,
  returns: {
    results: 'What came and went: `Installed: hello-1.0-1.noarch`.',
    rc: 'The exit status, 0.',
  },
  examples: [
    { title: 'Packages', task: 'yum: { name: [socat, rsync], update_cache: true }' },
    {
      title: 'A package and all that came along with it, gone',
      given: '- yum: { name: telnet }',
      task: 'yum: { name: telnet, state: absent, autoremove: true }',
    },
    {
      title: 'The newest of all',
      given: '- yum: { name: nginx-1.20 }',
      task: "dnf: { name: '*', state: latest, exclude: [kernel] }",
    },
    { title: 'From a repository that is not enabled', task: 'yum: { name: htop, enablerepo: epel }' },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: YumArgs): Promise<State> {
  const manager = await host.get(rpmManager())
  if (manager === null)
    return { manager, jobs: [], warnings: [], problem: 'this host has neither dnf nor yum: it may need apt' }
  if (args.autoremove && args.name.length > 0 && args.state !== 'absent' && args.state !== 'removed')
    return { manager, jobs: [], warnings: [], problem: 'autoremove goes alone or with state: absent' }
  return { manager, ...(await findJobs(host, args, manager)) }
}

function plan(args: YumArgs, { manager, jobs, problem, warnings }: State): Plan {
  if (problem !== null || manager === null) return refuse(problem ?? '', { rc: 1, results: [] })
  const run = { manager, root: args.installroot, patience: args.lock_timeout }
  const results = jobs.flatMap(({ changes }) => changes.map(result))
  if (args.name.length === 0 && !args.autoremove) {
    const fetch: Step = {
      change: { subject: 'what the repositories have', verb: 'run' },
      actions: [yumAction(run, [...yumOptions(args, manager), 'makecache'])],
      effects: [],
    }
    return propose([fetch], { changed: false, rc: 0, results }, warnings)
  }
  const steps = jobs.map((job): Step =>
    args.download_only
      ? { change: { subject: 'packages to fetch', verb: 'run' }, actions: [yumAction(run, job.words)], effects: [] }
      : packageStep(run, job, args.name),
  )
  return propose(steps, { rc: 0, results }, warnings)
}

const result = ({ verb, name, version, arch }: Foreseen): string =>
  `${verb === 'remove' ? 'Removed' : 'Installed'}: ${name}-${version}.${arch}`
