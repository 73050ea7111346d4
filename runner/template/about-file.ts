import { readFileSync, type Stats, statSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { Moment } from './values/moment.ts'

/**
 * What a template file may say of itself: `ansible_managed` and the `template_…` variables, which nothing overrides. `name` is how the
 * file was named. Most templates ask for none of them, so each is made when it is asked for; undefined where there is no such file.
 */
export function templateVariables(file: string, name: string): ReadonlyMap<string, () => unknown> {
  const now = new Date()
  const about = (): Stats | undefined => statSync(file, { throwIfNoEntry: false })
  return new Map<string, () => unknown>([
    ['ansible_managed', () => 'Ansible managed'],
    ['template_host', hostname],
    ['template_uid', () => ownerOf(about()?.uid)],
    ['template_path', () => name],
    ['template_fullpath', () => file],
    ['template_run_date', () => localMoment(now)],
    ['template_mtime', () => momentOf(about())],
  ])
}

const momentOf = (about: Stats | undefined): Moment | undefined => about && localMoment(about.mtime)

/** The name of a user of the controller; the number where nobody has it. */
function ownerOf(uid: number | undefined): string | number {
  if (uid === undefined) return ''
  const me = userInfo()
  if (me.uid === uid) return me.username
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  return accounts.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0] ?? uid
}

/** A moment on this machine's clock. */
function localMoment(date: Date): Moment {
  return new Moment(date.getTime() - date.getTimezoneOffset() * 60_000, date.getUTCMilliseconds() * 1000)
}
