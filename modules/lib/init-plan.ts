import { initScript, type InitScript } from '../facts/init-script.ts'
import type { Action, Step } from '../step.ts'
import { becomes, run } from '../step.ts'

export interface InitWish {
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
}

/** The steps for a service of SysV init or OpenRC, or why they may not be done. */
export function initSteps(
  manager: 'openrc' | 'sysv',
  name: string,
  is: InitScript,
  wish: InitWish,
): readonly Step[] | string {
  if (!is.exists) return `Could not find the requested service ${name}: there is no /etc/init.d/${name}`
  const steps: Step[] = []
  let now = is
  const add = (
    attribute: string,
    before: string | boolean,
    after: string | boolean,
    action: Action,
    next: InitScript,
  ): void => {
    steps.push({
      change: { subject: `service ${name}`, verb: 'update', attributes: [{ name: attribute, before, after }] },
      actions: [action],
      effects: [becomes(initScript(manager, name), next)],
    })
    now = next
  }
  if (wish.enabled !== undefined && wish.enabled !== is.enabled) {
    const action = enable(name, is, wish.enabled)
    if (action === null)
      return `${name} cannot be ${wish.enabled ? 'enabled' : 'disabled'}: the host has neither update-rc.d, chkconfig nor rc-update`
    add('enabled', is.enabled, wish.enabled, action, { ...now, enabled: wish.enabled })
  }
  const verb = verbFor(wish.state, is.running)
  if (verb !== null) {
    const words = manager === 'openrc' ? ['rc-service', name, verb] : ['service', name, verb]
    add('state', is.running ? 'running' : 'stopped', `${verb}ed`.replace('stoped', 'stopped'), run(...words), {
      ...now,
      running: verb !== 'stop',
    })
  }
  return steps
}

function verbFor(state: InitWish['state'], running: boolean): string | null {
  switch (state) {
    case undefined:
      return null
    case 'started':
      return running ? null : 'start'
    case 'stopped':
      return running ? 'stop' : null
    case 'restarted':
      return 'restart'
    case 'reloaded':
      return running ? 'reload' : 'start'
  }
}

function enable(name: string, { enabler }: InitScript, enabled: boolean): Action | null {
  switch (enabler) {
    case null:
      return null
    case 'rc-update':
      return run('rc-update', ...(enabled ? ['add', name, 'default'] : ['--all', 'del', name]))
    case 'chkconfig':
      return run('chkconfig', name, enabled ? 'on' : 'off')
    case 'update-rc.d':
      return run('update-rc.d', name, enabled ? 'defaults' : 'disable')
  }
}
