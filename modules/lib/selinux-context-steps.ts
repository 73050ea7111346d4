import { content } from '../facts/content.ts'
import { selinuxContexts, type TargetContexts } from '../facts/selinux-contexts.ts'
import type { Effect, Step } from '../step.ts'
import { becomes, run, stale } from '../step.ts'
import type { FileContext, FileKind } from './selinux-contexts.ts'

export interface ContextWish {
  readonly target: string
  readonly ftype: FileKind
  readonly setype?: string | undefined
  readonly seuser?: string | undefined
  readonly selevel?: string | undefined
  readonly state: 'present' | 'absent'
  /** Whether the policy is loaded anew. */
  readonly load: boolean
}

/** A context with some of its parts replaced; those of new ones as semanage(8) sets them. */
function contextOf(before: string | undefined, wish: ContextWish): string {
  if (wish.setype === '<<none>>') return '<<none>>'
  const [user = 'system_u', role = 'object_r', type = '', ...level] = before?.includes(':') ? before.split(':') : []
  const range = level.join(':') || 's0'
  return [wish.seuser ?? user, role, wish.setype ?? type, wish.selevel ?? range].join(':')
}

/** The steps to the context of files that a pattern names: `-m` where there is one on this host already. */
export function contextSteps(wish: ContextWish, before: TargetContexts): readonly Step[] {
  const { target, ftype } = wish
  const of = (all: readonly FileContext[]) => all.find(({ kind }) => kind === ftype)
  const local = of(before.local)
  const others = before.local.filter((one) => one !== local)
  const change = (verb: '-a' | '-m' | '-d', after: string | null): Step => ({
    change: {
      subject: `SELinux context of ${target}${ftype === 'a' ? '' : ` (${ftype})`}`,
      verb: verb === '-d' ? 'remove' : verb === '-a' ? 'create' : 'update',
      attributes: [{ name: 'context', before: (local ?? of(before.policy))?.context ?? null, after }],
    },
    actions: [run('semanage', 'fcontext', ...(wish.load ? [] : ['-N']), verb, ...words(wish, verb), target)],
    effects: [
      becomes(selinuxContexts(target), {
        ...before,
        local: after === null ? others : [...others, { target, kind: ftype, context: after }],
      }),
      rewritten(before),
    ],
  })
  if (wish.state === 'absent') return local === undefined ? [] : [change('-d', null)]
  const inForce = (local ?? of(before.policy))?.context
  const wanted = contextOf(inForce, wish)
  if (inForce === wanted) return []
  return [change(inForce === undefined ? '-a' : '-m', wanted)]
}

const option = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [flag, value]

function words(wish: ContextWish, verb: '-a' | '-m' | '-d'): readonly string[] {
  const what =
    verb === '-d' ? [] : [...option('-t', wish.setype), ...option('-s', wish.seuser), ...option('-r', wish.selevel)]
  return ['-f', wish.ftype, ...what]
}

/** Which contexts files shall have is another question afterwards. */
const rewritten = ({ file }: TargetContexts): Effect => stale(content(`${file}.local`))

/** The steps to a path that is labelled like another. */
export function substituteSteps(
  wish: Pick<ContextWish, 'target' | 'state' | 'load'> & { readonly substitute: string },
  before: TargetContexts,
): readonly Step[] {
  const { target, substitute } = wish
  const is = before.substitute
  const after = wish.state === 'present' ? substitute : null
  if (is === after || (wish.state === 'absent' && is !== substitute)) return []
  const verb = after === null ? '-d' : is === null ? '-a' : '-m'
  const step: Step = {
    change: {
      subject: `SELinux context of ${target}`,
      verb: after === null ? 'remove' : is === null ? 'create' : 'update',
      attributes: [{ name: 'labelled like', before: is, after }],
    },
    actions: [run('semanage', 'fcontext', ...(wish.load ? [] : ['-N']), verb, '-e', substitute, target)],
    effects: [becomes(selinuxContexts(target), { ...before, substitute: after }), rewritten(before)],
  }
  return [step]
}
