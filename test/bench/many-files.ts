import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Content, listFiles, site, writePlaybook } from './content.ts'

/** One task that loops over so many small files. */
export const loopOfFiles = (files: number): Content => ({
  about: `a loop of \`copy\` over ${files} files`,
  write: (directory) =>
    writePlaybook(directory, {
      root: site,
      tasks: [
        {
          name: 'Files',
          'ansible.builtin.copy': { dest: `${site}/{{ item }}`, content: 'This is file {{ item }}.\n', mode: '0644' },
          loop: `{{ range(${files}) }}`,
        },
      ],
    }),
  clean: `rm -rf ${site}`,
  spoil: `echo spoilt >${site}/1`,
  list: listFiles,
})

/** Writes the files of `loopOfFiles` with as few programs as can be. */
export const loopFloor = (files: number): string =>
  `mkdir -p ${site}; cd ${site}; umask 022; i=0\nwhile [ $i -lt ${files} ]; do echo "This is file $i." >$i; i=$((i + 1)); done\n`

/** One task that renders a directory of so many templates. */
export const templateDirectory = (files: number): Content => ({
  about: `a directory of ${files} templates`,
  write(directory) {
    const templates = join(directory, 'templates/tree')
    mkdirSync(templates, { recursive: true })
    for (let index = 0; index < files; index += 1)
      writeFileSync(
        join(templates, `${index}.conf.j2`),
        `# File ${index}\nname = {{ app_name }}\nport = {{ 8000 + ${index} }}\n`,
      )
    return writePlaybook(directory, {
      root: site,
      vars: { app_name: 'bench' },
      tasks: [
        {
          name: 'Templates',
          'ansible.builtin.template': {
            src: '{{ item }}',
            dest: `${site}/{{ item | basename | splitext | first }}`,
            mode: '0644',
          },
          with_fileglob: ['{{ playbook_dir }}/templates/tree/*.j2'],
        },
      ],
    })
  },
  clean: `rm -rf ${site}`,
  spoil: `echo spoilt >${site}/1.conf`,
  list: listFiles,
})

/** Reads what `templateDirectory` left with as few programs as can be. */
export const directoryFloor = `cd ${site} && stat -c '%n %F %a %u %g' * && sha256sum *\n`
