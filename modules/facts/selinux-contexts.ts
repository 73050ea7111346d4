import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import { parseContexts, parseSubstitutes, type FileContext } from '../lib/selinux-contexts.ts'

/** What the policy and this host say of the files that one pattern names. */
export interface TargetContexts {
  /** False where semanage(8) is not installed. */
  readonly manageable: boolean
  /** The policy's file_contexts(5). */
  readonly file: string
  readonly policy: readonly FileContext[]
  /** Those that were set on this host. They go before the policy's. */
  readonly local: readonly FileContext[]
  /** The path that it is labelled like, where that was set on this host. */
  readonly substitute: string | null
}

const kind = defineFact<string, TargetContexts>({
  name: 'selinux-contexts',
  script: ([target = '']) => `PATH=$PATH:/usr/sbin:/sbin
type=$(sed -n 's/^[[:space:]]*SELINUXTYPE[[:space:]]*=[[:space:]]*\\([^[:space:]]*\\).*/\\1/p' /etc/selinux/config 2>/dev/null | head -n 1)
files=/etc/selinux/$type/contexts/files/file_contexts
target=${quote(target)}
export target
of() { [ ! -r "$2" ] || awk -v what="$1" '$1 == ENVIRON["target"] { print what " " $0 }' "$2"; }
echo "file $files"
of policy "$files"
of local "$files.local"
of substitute "$files.subs"
command -v semanage >/dev/null 2>&1 && echo semanage
:`,
  parse(raw, target) {
    const lines = raw.toString('utf8').split('\n')
    const of = (name: string) =>
      lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : [])).join('\n')
    return {
      manageable: lines.includes('semanage'),
      file: of('file'),
      policy: parseContexts(of('policy')),
      local: parseContexts(of('local')),
      substitute: parseSubstitutes(of('substitute')).get(target) ?? null,
    }
  },
})
/** The contexts for a pattern, from the policy's own files: file_contexts(5), .local and .subs. */
export const selinuxContexts = (target: string): Fact<TargetContexts> => kind(target)
