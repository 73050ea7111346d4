/** What selinux_config(5) says of a setting: `SELINUX` or `SELINUXTYPE`; null where it says nothing. */
export function configValue(text: string, name: string): string | null {
  const found = [...text.matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)].find(([, key]) => key === name)
  return found?.[2]?.toLowerCase() ?? null
}

/** The same text with a setting of its own; everything else stays as it is. */
export function withConfigValue(text: string, name: string, value: string): string {
  if (configValue(text, name) === value) return text
  const line = new RegExp(`^([ \\t]*${name}[ \\t]*=[ \\t]*).*?([ \\t\\r]*)$`, 'm')
  if (line.test(text)) return text.replace(line, `$1${value}$2`)
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${name}=${value}\n`
}
