import { type Completed, OWN_MODULES, type Values, withAllBelow } from './completed.ts'

/** The script for fish, from version 3.0 on. */
export function fishScript(program: Completed): string {
  const all = withAllBelow(program)
  const commands = all.filter(({ path }) => path !== program.path).map(({ path }) => quoted(path))
  const valued = all.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) => (value === undefined ? [] : names.map((name) => quoted(`${path} ${name}`)))),
  )
  return `# Completion of drover for fish. Put this line into ~/.config/fish/config.fish:  drover completion fish | source

# Whether the command line is at a command of drover's, such as "drover vault edit".
function __drover_is
    set -l path drover
    set -l value ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test -n "$value"
            set value ''
            continue
        end
        switch "$path $word"
            case ${commands.join(' ')}
                set path "$path $word"
            case ${valued.join(' ')}
                set value yes
        end
    end
    test "$path" = "$argv[1]"
end

function __drover_own_modules
    set -l files ${OWN_MODULES.flatMap((path) => [`${path}/*.js`, `${path}/*.mjs`, `${path}/*.ts`, `${path}/*.mts`]).join(' ')}
    string replace -r '.*/' '' -- $files | string replace -r '\\.[a-z]*$' ''
end

complete -c drover -f
${all.flatMap(completions).join('\n')}
`
}

function completions({ path, options, operands, commands }: Completed): readonly string[] {
  const here = `complete -c drover -n ${quoted(`__drover_is "${path}"`)}`
  return [
    ...options.map(({ names, description, value }) =>
      [
        here,
        ...names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
        ...(value === undefined ? [] : [optionValue(value)]),
        `-d ${quoted(description)}`,
      ].join(' '),
    ),
    ...commands.map(({ name, summary }) => `${here} -a ${name} -d ${quoted(summary)}`),
    ...operands.flatMap(({ values }) => {
      if (values.kind === 'anything') return []
      return [`${here} ${values.kind === 'files' ? '-F' : `-a ${candidates(values)}`}`]
    }),
  ]
}

function optionValue(values: Values): string {
  if (values.kind === 'files') return '-r -F'
  return values.kind === 'anything' ? '-x' : `-x -a ${candidates(values)}`
}

function candidates(values: Values): string {
  if (!('words' in values)) return quoted('(__fish_complete_directories (commandline -ct))')
  return quoted(`${values.words.join(' ')}${values.kind === 'modules' ? ' (__drover_own_modules)' : ''}`)
}

/** A word of fish's, which knows two escapes within single quotes. */
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
