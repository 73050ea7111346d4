import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Content, listFiles, site, type Task, writePlaybook } from './content.ts'

const ini = 'settings.ini'
const fullNames: Readonly<Record<string, string>> = {
  ini_file: 'community.general.ini_file',
  mount: 'ansible.posix.mount',
}

/** The task at a place of the playbook: kinds in turn, in words that drover and Ansible both understand. */
function task(index: number, root: string, wanted: (kind: string) => boolean): Task {
  const path = `${root}/${index}`
  const mode = '0644'
  const option = {
    path: `${root}/${ini}`,
    section: `part${index % 5}`,
    option: `option_${index}`,
    value: `${index}`,
    mode,
  }
  const all: readonly (readonly [string, object])[] = [
    ['file', { path, state: 'directory', mode: '0750' }],
    ['copy', { dest: path, content: `This is file ${index} of {{ inventory_hostname }}.\n`, mode }],
    ['template', { src: 'app.conf.j2', dest: path, mode }],
    ['ini_file', option],
    ['file', { path, src: root, state: 'link' }],
    ['copy', { dest: path, src: 'motd', mode: '0600' }],
    ['mount', { path: `${root}/mnt${index}`, src: 'tmpfs', fstype: 'tmpfs', opts: 'noauto,size=1m', state: 'present' }],
    ['systemd', { name: 'cron.service', state: 'started', enabled: true }],
    ['template', { src: 'app.conf.j2', dest: path, mode: '0640' }],
    ['ini_file', { ...option, section: 'shared' }],
  ]
  const kinds = all.filter(([kind]) => wanted(kind))
  const [module, args] = kinds[index % kinds.length] ?? ['file', {}]
  return { name: `Task ${index} (${module})`, [fullNames[module] ?? `ansible.builtin.${module}`]: args }
}

const template = `# {{ app_name }} on {{ inventory_hostname }}
workers = {{ workers * 2 }}
{% for peer in peers %}
peer{{ loop.index }} = {{ peer }}:{{ 8000 + loop.index0 }}
{% endfor %}
{% if workers > 2 %}
mode = {{ 'parallel' | upper }}
{% endif %}
`

/** Some of everything: files, links, directories, templates, options, lines of fstab and a unit. */
export const mixed = (tasks: number): Content => ({
  about: `${tasks} tasks of \`file\`, \`copy\`, \`template\`, \`ini_file\`, \`mount\` and \`systemd\``,
  write: (directory) => write(directory, tasks, site, () => true),
  clean: `rm -rf ${site}; sed -i '\\|${site}|d' /etc/fstab; systemctl disable --now --quiet cron.service`,
  spoil: `echo spoilt >${site}/1`,
  // Blanks between the fields of fstab and blank lines between the sections of an ini file mean nothing, and the tools differ there.
  list: [
    `cd ${site} && find . -printf '%p %y %m %U %G %l\\n' | sort`,
    `find . -type f ! -path ./${ini} | sort | xargs sha256sum; grep . ${ini}`,
    `grep ${site} /etc/fstab | sed 's/[[:blank:]]\\+/ /g'`,
    'systemctl is-enabled cron.service; systemctl is-active cron.service',
  ].join('; '),
})

/** The same for hosts that share a file system: no lines of files that all of them would write. */
export const separate = (tasks: number): Content => ({
  about: `${tasks} tasks of \`file\`, \`copy\` and \`template\``,
  write: (directory) =>
    write(
      directory,
      tasks,
      `${site}/{{ inventory_hostname }}`,
      (kind) => !['ini_file', 'mount', 'systemd'].includes(kind),
    ),
  clean: `rm -rf ${site}; mkdir ${site}`,
  spoil: `for directory in ${site}/*; do echo spoilt >$directory/1; done`,
  list: listFiles,
})

function write(directory: string, tasks: number, root: string, wanted: (kind: string) => boolean): string {
  for (const name of ['files', 'templates']) mkdirSync(join(directory, name), { recursive: true })
  writeFileSync(join(directory, 'files/motd'), 'Welcome.\n'.repeat(20))
  writeFileSync(join(directory, 'templates/app.conf.j2'), template)
  return writePlaybook(directory, {
    root,
    vars: { app_name: 'bench', workers: 4, peers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] },
    tasks: Array.from({ length: tasks - 1 }, (_, index) => task(index, root, wanted)),
  })
}

/** What a converged run of so many mixed tasks has to know, read with as few programs as can be. */
export function mixedFloor(tasks: number): string {
  const kinds = Array.from({ length: tasks - 1 }, (_, index) => [index % 10, `${site}/${index}`] as const)
  const paths = (...wanted: number[]) => kinds.flatMap(([kind, path]) => (wanted.includes(kind) ? [path] : []))
  return [
    `stat -c '%n %F %a %u %g' ${[site, `${site}/${ini}`, ...paths(0, 1, 2, 4, 5, 8)].join(' ')}`,
    `readlink ${paths(4).join(' ')}`,
    `sha256sum ${paths(1, 2, 5, 8).join(' ')}`,
    `cat ${site}/${ini} /etc/fstab`,
    'systemctl show cron.service -p ActiveState -p UnitFileState -p LoadState',
    '',
  ].join('\n')
}
