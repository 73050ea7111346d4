import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

/** What a playbook of the bench is to do; the scripts are run on hosts, as root. */
export interface Content {
  /** What it is, for people. */
  readonly about: string
  /** Writes the playbook with its files into a directory, and gives its path. */
  write(directory: string): string
  /** Puts a host back to before the playbook. */
  readonly clean: string
  /** Changes one thing that the playbook made. */
  readonly spoil: string
  /** Tells what the playbook left, in words that do not depend on which tool did it. */
  readonly list: string
}

/** Everything is made in here, but for lines of /etc/fstab that name it. */
export const site = '/srv/bench'

export interface Task {
  readonly name: string
  readonly [module: string]: unknown
}

/** Writes a playbook of these tasks after one that makes their directory, and gives its path. */
export function writePlaybook(
  directory: string,
  { root, tasks, vars = {} }: { readonly root: string; readonly tasks: readonly Task[]; readonly vars?: object },
): string {
  const first: Task = {
    name: 'The directory of everything',
    'ansible.builtin.file': { path: root, state: 'directory', mode: '0755' },
  }
  const play = { name: 'Bench', hosts: 'all', gather_facts: false, vars, tasks: [first, ...tasks] }
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'site.yml')
  writeFileSync(path, stringify([play]))
  return path
}

/** Kind, mode, owner, target and checksum of each file. */
export const listFiles = `cd ${site} && find . -printf '%p %y %m %U %G %l\\n' | sort; find . -type f | sort | xargs sha256sum`
