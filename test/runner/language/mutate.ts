/** Pieces that parsers trip over. */
const pieces = [
  ['{{', '}}', '{%', '%}', '{#', '#}', '{{ a }}', '{% raw %}', '{% endraw %}', '{% for x in y %}', '{% endfor %}'],
  ['{% if x %}', '{% else %}', '{% endif %}', '|', '||', '(', ')', '[', ']', '{', '}', ',', ';', '=', '==', '~'],
  [': ', ':', '- ', '-', '\n', '\n\n', '  ', '\t', '"', "'", '\\', '&a ', '*a', '<<: *a', '!vault ', '!unsafe '],
  ['!!x ', '? ', '| \n', '>-\n', '---\n', '...\n', '%', '@', '`', '#', ' # ', '\r', '\0', '\uFEFF', '\u00A0', '\uD800'],
  ['null', 'true', '~', '1e999', '-0', '0x', '99999999999999999999', '.inf', '1:2:3', '2020-01-01', '__proto__'],
  ['constructor', 'hosts: all', 'tasks:', 'block:', 'loop: 3', 'import_tasks: x.yml', 'roles: [r]', 'vars: {a: b}'],
  ['when: a is', '[a:b]', '[a:vars]', '[a:children]', 'a[1:3]', 'a[1:99999999999]', 'a[z:a]', 'x=1', 'ansible_host='],
].flat()

/** A text with a few random changes: pieces put in, taken out, repeated, moved. */
export function mutate(text: string, next: () => number): string {
  const below = (limit: number): number => Math.floor(next() * limit)
  let changed = text
  for (let left = 1 + below(4); left > 0; left -= 1) {
    const at = below(changed.length + 1)
    const end = Math.min(changed.length, at + below(12))
    const lines = changed.split('\n')
    const line = below(lines.length)
    switch (below(7)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(end)
        break
      case 1:
        changed = changed.slice(0, end) + changed.slice(at)
        break
      case 2:
        changed = [...lines.slice(0, line), ...lines.slice(line + 1)].join('\n')
        break
      case 3:
        changed = [...lines.slice(0, line), `${' '.repeat(below(6))}${lines[line] ?? ''}`, ...lines.slice(line)].join(
          '\n',
        )
        break
      case 4:
        changed = [...lines.slice(0, line), (lines[line] ?? '').slice(below(4)), ...lines.slice(line + 1)].join('\n')
        break
      default:
        changed = changed.slice(0, at) + (pieces[below(pieces.length)] ?? '') + changed.slice(at)
    }
  }
  return changed
}
