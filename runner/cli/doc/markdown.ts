import type { Argument, Entry } from './entry.ts'
import { argumentTraits, exampleText, takesOthers } from './text.ts'

/** An entry as a section of a Markdown page. */
export function entryMarkdown(entry: Entry): string {
  const { name, kind, aliases, summary, description, rules, returns, examples, freeForm } = entry
  const results = Object.entries(returns)
  const paragraphs = [
    `## ${name}`,
    summary,
    ...(description === undefined ? [] : [description]),
    `A ${kind}${aliases.length === 0 ? '' : `, also called ${aliases.map(code).join(', ')}`}.`,
    ...(freeForm === undefined ? [] : [`${code(`${name}: TEXT`)} is short for the argument ${code(freeForm)}.`]),
    ...(entry.arguments.length === 0
      ? []
      : [['| argument | | |', '|---|---|---|', ...entry.arguments.flatMap((each) => rows(each, ''))].join('\n')]),
    ...(entry.takesOthers ? [takesOthers] : []),
    ...(rules.length === 0 ? [] : [rules.map((rule) => `- ${rule}`).join('\n')]),
    ...(results.length === 0
      ? []
      : [
          ['| returned | |', '|---|---|', ...results.map(([key, text]) => `| ${code(key)} | ${cell(text)} |`)].join(
            '\n',
          ),
        ]),
    ...(examples.length === 0 ? [] : [`\`\`\`yaml\n${examples.map(exampleText).join('\n')}\n\`\`\``]),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

/** Entries as a table: their names, and what they are for. */
export function listMarkdown(title: string, entries: readonly Entry[]): string {
  const lines = entries.map(({ name, summary }) => `| ${code(name)} | ${cell(summary)} |`)
  return [`## ${title}`, '', '| name | what it is for |', '|---|---|', ...lines, ''].join('\n')
}

/** An argument's row, and those of what is in it. */
function rows(argument: Argument, above: string): readonly string[] {
  const name = `${above}${argument.name}`
  const row = `| ${code(name)} | ${cell(argumentTraits(argument).join('; '))} | ${cell(argument.description)} |`
  return [row, ...argument.arguments.flatMap((each) => rows(each, `${name}.`))]
}

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
