/** Deeper YAML is not handed to the parser, whose recursion could use up the stack. Far more than `Composer` takes. */
const limit = 500

/**
 * Where a text of YAML is nested too deeply to be parsed, by a rough measure that errs on the side of reading: brackets that are open,
 * lines that are indented further than the one before, and dashes in a row. Undefined where it is not.
 */
export function tooDeep(text: string): number | undefined {
  return deepDashes(text) ?? deepBrackets(text) ?? deepLines(text)
}

function deepDashes(text: string): number | undefined {
  const run = /^[ ]*(?:[-?][ \t]+){500}/m.exec(text)
  return run === null ? undefined : run.index + run[0].length - 1
}

function deepBrackets(text: string): number | undefined {
  let open = 0
  for (const { 0: sign, index } of text.matchAll(/[[\]{}]/g)) {
    open = sign === '[' || sign === '{' ? open + 1 : Math.max(0, open - 1)
    if (open > limit) return index
  }
  return undefined
}

function deepLines(text: string): number | undefined {
  const around: number[] = []
  for (const { 0: blanks, index } of text.matchAll(/^ *(?=[^\s#])/gm)) {
    while ((around.at(-1) ?? -1) >= blanks.length) around.pop()
    around.push(blanks.length)
    if (around.length > limit) return index + blanks.length
  }
  return undefined
}
