/**
 * A command line that any login shell (fish, csh, zsh, a POSIX sh) takes to mean what a POSIX sh takes `command` for. Characters on
 * which they disagree go through printf's octal escapes.
 */
export function loginCommand(command: string): string {
  if (/^[\w./:=@+, -]+$/.test(command)) return command
  const octal = Array.from(Buffer.from(command), (byte) =>
    /[\w./:=@+, -]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  )
  return `exec /bin/sh -c 'eval "$(printf "${octal.join('')}")"'`
}
