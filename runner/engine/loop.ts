import type { Json } from '../../schema/infer.ts'
import type { Located, Loop } from '../language/tree.ts'
import { compileExpression } from '../template/compile.ts'
import { TemplateError } from '../template/template.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { evaluate } from './evaluate.ts'
import type { PlayContext } from './play-context.ts'
import { isYes } from './settings.ts'

/** One turn of a loop. */
export interface LoopItem {
  readonly value: unknown
  /** What to show for it. */
  readonly label: Json
  readonly scope: LayeredScope
}

/** The items of a loop on one host, each with the scope that holds it. Throws `TemplateError` where the loop is over no list. */
export function loopItems(context: PlayContext, loop: Loop, scope: LayeredScope): readonly LoopItem[] {
  const { loopVar, indexVar, label } = loop.control
  const all = itemsOf(context, loop, scope)
  const isSet = (written: Located | undefined, otherwise: boolean): boolean =>
    written === undefined ? otherwise : isYes(evaluate(written, scope))
  const extended = isSet(loop.control.extended, false)
  const withAll = isSet(loop.control.extendedAllItems, true)
  return all.map((value, index) => {
    const variables = {
      [loopVar]: value,
      ansible_loop_var: loopVar,
      ...(indexVar === undefined ? {} : { [indexVar]: index, ansible_index_var: indexVar }),
      ...(extended ? { ansible_loop: about(all, index, withAll) } : {}),
    }
    const inner = context.withVariables(scope, variables)
    return { value, scope: inner, label: (label === undefined ? value : evaluate(label, inner)) as Json }
  })
}

/** What `ansible_loop` tells of a turn. */
function about(all: readonly unknown[], index: number, withAll: boolean): Readonly<Record<string, unknown>> {
  const { length } = all
  return {
    ...(withAll ? { allitems: all } : {}),
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index + 1 === length,
    length,
    revindex: length - index,
    revindex0: length - index - 1,
    ...(index === 0 ? {} : { previtem: all[index - 1] }),
    ...(index + 1 === length ? {} : { nextitem: all[index + 1] }),
  }
}

function itemsOf(context: PlayContext, loop: Loop, scope: LayeredScope): readonly unknown[] {
  const over = evaluate(loop.over, scope)
  if (loop.lookup === 'loop') {
    if (Array.isArray(over)) return over
    throw new TemplateError(
      'value',
      `loop must be a list, not ${over === null ? 'null' : typeof over === 'object' ? 'a mapping' : `a ${typeof over}`}`,
      {
        at: loop.over.at(),
        hint:
          typeof over === 'object' && over !== null ? 'use the filter dict2items to loop over a mapping' : undefined,
      },
    )
  }
  const terms: readonly unknown[] = Array.isArray(over) ? over : [over]
  if (loop.lookup === 'inventory_hostnames') return context.hostsMatching(terms.map(String))
  // `with_X: terms` is the lookup X with these terms.
  const call = `query('${loop.lookup}'${terms.map((_, index) => `, _terms[${index}]`).join('')})`
  return compileExpression(call).evaluate(context.withVariables(scope, { _terms: terms })) as readonly unknown[]
}
