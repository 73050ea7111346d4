import { stringify } from 'yaml'
import type { Argument, Entry } from './entry.ts'

/** Breaks a text into lines of at most so many columns. */
export type Wrap = (text: string, width: number) => string

/** An entry for a terminal. */
export function entryText(entry: Entry, columns: number, wrap: Wrap): string {
  const block = (text: string, indent: number): readonly string[] => indented(wrap(text, columns - indent), indent)
  const { name, kind, aliases, summary, description, rules, returns, examples } = entry
  const results = Object.entries(returns)
  return [
    `${name} (${kind})`,
    ...block(summary, 2),
    ...(description === undefined ? [] : ['', ...block(description, 2)]),
    ...(aliases.length === 0 ? [] : ['', `  Also called: ${aliases.join(', ')}`]),
    ...(entry.freeForm === undefined ? [] : ['', `  ${freeFormText(entry.freeForm, name)}`]),
    ...(entry.arguments.length === 0 ? [] : ['', 'ARGUMENTS', ...drawArguments(entry.arguments, 2, block)]),
    ...(entry.takesOthers ? ['', ...block(takesOthers, 2)] : []),
    ...(rules.length === 0 ? [] : ['', ...rules.flatMap((rule) => block(rule, 2))]),
    ...(results.length === 0 ? [] : ['', 'RETURNS']),
    ...results.flatMap(([key, text]) => [`  ${key}`, ...block(text, 6)]),
    ...(examples.length === 0 ? [] : ['', 'EXAMPLES']),
    ...indented(examples.map(exampleText).join('\n'), 2),
    '',
  ].join('\n')
}

export const takesOthers = 'Further arguments are variables: name and value.'
export const freeFormText = (argument: string, name: string): string =>
  `"${name}: TEXT" is short for the argument ${argument}.`

/** A task of a playbook. */
export function exampleText({ title, task }: Entry['examples'][number]): string {
  return [stringify([{ name: title }], { lineWidth: 0 }).trimEnd(), ...indented(task, 2)].join('\n')
}

/** What is said of an argument beside its description: `path, required, also called: dest`. */
export function argumentTraits(argument: Argument): readonly string[] {
  return [
    argument.type,
    ...(argument.required ? ['required'] : []),
    ...(argument.default === undefined ? [] : [`default: ${JSON.stringify(argument.default)}`]),
    ...(argument.choices.length === 0 ? [] : [`one of: ${argument.choices.join(', ')}`]),
    ...(argument.aliases.length === 0 ? [] : [`also called: ${argument.aliases.join(', ')}`]),
  ]
}

/** Entries as a list: their names, and what they are for. */
export function listText(title: string, entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  return [title, ...entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`), ''].join('\n')
}

function drawArguments(
  all: readonly Argument[],
  indent: number,
  block: (text: string, indent: number) => readonly string[],
): readonly string[] {
  return all.flatMap((argument) => [
    ...block(`${argument.name}  (${argumentTraits(argument).join('; ')})`, indent),
    ...(argument.description === '' ? [] : block(argument.description, indent + 4)),
    ...drawArguments(argument.arguments, indent + 4, block),
  ])
}

const indented = (text: string, by: number): readonly string[] =>
  text.split('\n').flatMap((line) => (text === '' ? [] : [line === '' ? '' : ' '.repeat(by) + line]))
