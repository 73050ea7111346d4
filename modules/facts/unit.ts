import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine, quote } from '../lib/quote.ts'
import { isTemplate } from '../lib/unit-names.ts'

/** Whose service manager: the system's, the user's own, or what all users get. */
export type UnitScope = 'system' | 'user' | 'global'

/** A unit's properties, by systemd's names (org.freedesktop.systemd1(5)); what it does not say is missing. */
export interface Unit {
  readonly [property: string]: string
}

/**
 * The properties that are read: few, since some cost the manager real work, and no lists that only say how units are ordered: systemd
 * shuffles lists each time that it loads a unit, which is each time that an inactive one is asked about.
 */
const PROPERTIES = [
  'Id', 'Names', 'Description', 'LoadState', 'LoadError', 'ActiveState', 'SubState', 'UnitFileState', 'UnitFilePreset', 'FragmentPath',
  'SourcePath', 'DropInPaths', 'NeedDaemonReload', 'CanStart', 'CanStop', 'CanReload', 'Type', 'Result', 'ExecMainStatus', 'MainPID',
  'Conflicts', 'RefuseManualStart', 'RefuseManualStop',
] // prettier-ignore

/** What goes before `systemctl`: a user's own manager is only reached with the directory of its socket. */
const prefix = (scope: UnitScope): string =>
  scope === 'user' ? 'XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} ' : ''

function unitKind(name: string, scope: UnitScope, touched: boolean): (unit: string) => Fact<Unit> {
  return defineFact<string, Unit>({
    name,
    script: (units) => showScript(units, scope),
    split: splitUnits,
    parse: (raw, unit) => parseUnit(raw.toString('utf8'), unit),
    ...(touched ? { touchedBy } : {}),
  })
}

/** Lists in one order, so that the same unit always reads the same. */
const sortLists = `while IFS= read -r line; do
  case $line in Names=*' '*|Conflicts=*' '*)
    set -f; set -- $\{line#*=}
    line=$\{line%%=*}=$(printf '%s\\n' "$@" | sort | tr '\\n' ' '); line=$\{line% } ;;
  esac
  printf '%s\\n' "$line"
done`

/** One process for all units, but for templates and for what all users get: of these systemctl can only say whether they are enabled. */
function showScript(units: readonly string[], scope: UnitScope): string {
  const lines: string[] = []
  let together: string[] = []
  const flush = (): void => {
    if (together.length > 0)
      lines.push(
        `${prefix(scope)}systemctl --no-pager --${scope} show -p ${PROPERTIES.join(',')} -- ${commandLine(together)} 2>&1 | ${sortLists}; echo`,
      )
    together = []
  }
  for (const unit of units) {
    if (scope !== 'global' && !isTemplate(unit)) together.push(unit)
    else {
      flush()
      lines.push(`state=$(${prefix(scope)}systemctl --${scope} is-enabled -- ${quote(unit)} 2>/dev/null) || :
case $state in ''|not-found) load=not-found ;; *) load=loaded ;; esac
printf 'Id=%s\\nLoadState=%s\\nActiveState=inactive\\nUnitFileState=%s\\n\\n' ${quote(unit)} "$load" "$state"`)
    }
  }
  flush()
  return lines.join('\n')
}

const KINDS = {
  system: [unitKind('unit', 'system', true), unitKind('unit-before', 'system', false)],
  user: [unitKind('user-unit', 'user', true), unitKind('user-unit-before', 'user', false)],
  global: [unitKind('global-unit', 'global', true), unitKind('global-unit-before', 'global', false)],
} as const

/** A unit, by its whole name. Stale once its file changes. */
export const unit = (name: string, scope: UnitScope = 'system'): Fact<Unit> => KINDS[scope][0](name)
/** The same, regardless of changed files: what the manager knew of it before. */
export const unitBefore = (name: string, scope: UnitScope = 'system'): Fact<Unit> => KINDS[scope][1](name)

/** Whether a path is the unit's file, its template's, or a drop-in of one of them. */
export function touchedBy(path: string, name: string): boolean {
  if (!/^(?:\/etc|\/run|\/usr\/lib|\/usr\/local\/lib|\/lib)\/systemd\/|\/systemd\/user\//.test(path)) return false
  const template = name.replace(/@[^.]*\./, '@.')
  return [name, template].some((file) => path.endsWith(`/${file}`) || path.includes(`/${file}.d/`))
}

/** One block of properties for each unit, in order, with an empty line after it: just what reading it alone prints. */
export function splitUnits(output: Buffer, units: readonly string[]): readonly Buffer[] {
  const blocks = output.toString('utf8').split(/\n\n/)
  // Where systemctl could not answer there are no blocks, and each unit gets the whole message.
  if (blocks.length < units.length) return units.map(() => output)
  return units.map((_, index) => Buffer.from(`${(blocks[index] ?? '').replace(/\n$/, '')}\n\n`))
}

/** `systemctl show` of one unit: `Name=value` on each line. */
export function parseUnit(text: string, name: string): Unit {
  const unit = Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const equals = line.indexOf('=')
      return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)]] : []
    }),
  )
  if (unit['LoadState'] === undefined)
    throw new UnreadableFact(`systemctl does not say what ${name} is: ${text.trim() || 'no answer'}`)
  return unit
}

const stale = defineFact<string, readonly string[]>({
  name: 'units-to-reload',
  script: ([scope = 'system']) =>
    `${prefix(scope as UnitScope)}systemctl --no-pager --${scope} show -p Id,NeedDaemonReload '*' 2>/dev/null |
while IFS='=' read -r name value; do
  case $name in Id) id=$value ;; NeedDaemonReload) [ "$value" = yes ] && printf '%s\\n' "$id" ;; esac
done
:`,
  parse: (raw) => raw.toString('utf8').split('\n').filter(Boolean).toSorted(),
  touchedBy: (path) => /\/systemd\//.test(path) || path === '/etc/fstab',
})
/** Units whose files changed after the manager read them, as far as it has them in memory. */
export const unitsToReload = (scope: UnitScope = 'system'): Fact<readonly string[]> => stale(scope)
