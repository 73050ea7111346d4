import type { SqlLogin } from '../facts/galera-node.ts'
import type { FileStat } from '../facts/stat.ts'
import { propose, refuse, type Plan } from '../module.ts'
import { anything, type Step } from '../step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { writtenEffects } from './file-effects.ts'
import { words } from './invocation.ts'
import { createDatabase } from './mysql-database.ts'
import { dumpAction } from './mysql-dump.ts'
import { sqlStep } from './sql-step.ts'

/** The arguments of a dump and of its import. */
export const dumpProperties = {
  target: {
    type: 'string',
    format: 'path',
    description: 'The dump, on the host; compressed where its name ends in .gz, .bz2, .xz or .zst.',
    since: '0.1.0',
  },
  single_transaction: {
    type: 'boolean',
    default: false,
    description: 'Dumps what InnoDB holds at one moment, and locks nothing.',
    since: '0.1.0',
  },
  quick: { type: 'boolean', default: true, description: 'Dumps row by row, not table by table.', since: '0.1.0' },
  skip_lock_tables: {
    type: 'boolean',
    default: false,
    description: 'Locks no table while it is dumped.',
    since: '0.1.0',
  },
  hex_blob: {
    type: 'boolean',
    default: false,
    description: 'Dumps binary columns as hexadecimal digits.',
    since: '0.1.0',
  },
  ignore_tables: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: 'Tables that are left out of a dump: `shop.sessions`.',
    since: '0.1.0',
  },
  master_data: {
    type: 'integer',
    enum: [0, 1, 2],
    default: 0,
    description: 'Has a dump say where in the binary log it was made: 1 as a statement, 2 as a comment.',
    since: '0.1.0',
  },
  force: { type: 'boolean', default: false, description: 'Goes on where a statement fails.', since: '0.1.0' },
  dump_extra_args: { type: 'string', description: 'More words for the program that dumps.', since: '0.1.0' },
} as const

interface DumpArgs {
  readonly name: readonly string[]
  readonly state: 'dump' | 'import'
  readonly encoding?: string | undefined
  readonly collation?: string | undefined
  readonly single_transaction: boolean
  readonly quick: boolean
  readonly skip_lock_tables: boolean
  readonly hex_blob: boolean
  readonly ignore_tables: readonly string[]
  readonly master_data: 0 | 1 | 2
  readonly force: boolean
  readonly dump_extra_args?: string | undefined
}
/** The dump, and what is there. */
export interface DumpFile {
  readonly path: string
  readonly stat: FileStat | null
}
interface Known {
  readonly login: SqlLogin
  readonly file: DumpFile
  /** Those of the databases that are not there. */
  readonly missing: readonly string[]
}

/** Plans a dump of databases, or its import. */
export function planDump(args: DumpArgs, { login, file, missing }: Known, listed: JsonObject): Plan {
  if (file.stat !== null && file.stat.type !== 'file')
    return refuse(`${file.path} is a ${file.stat.type}, not a file`, listed)
  const spoken = args.state === 'dump' ? dumpWords(args) : importWords(args)
  if (typeof spoken === 'string') return refuse(spoken, listed)
  const action = dumpAction(args.state, file.path, login, spoken)
  if (args.state === 'dump') {
    const [absent] = missing
    if (absent !== undefined) return refuse(`there is no database ${absent} to dump`, listed)
    const change = { subject: file.path, verb: file.stat === null ? 'create' : 'update' } as const
    return propose([{ change, actions: [action], effects: writtenEffects(file.path) }], {
      ...listed,
      executed_commands: [spoken.join(' ')],
    })
  }
  if (file.stat === null) return refuse(`${file.path} does not exist on the host`, listed)
  if (args.name.length > 1)
    return refuse('a dump is imported into one database, or with name: all into those that it names', listed)
  const made = missing.map((name): [string, Step] => {
    const sql = createDatabase(name, args.encoding || null, args.collation || null)
    return [sql, sqlStep(login, { subject: `database ${name}`, verb: 'create' }, [{ sql }], [])]
  })
  const step: Step = {
    change: { subject: `import of ${file.path}`, verb: 'run' },
    actions: [action],
    effects: [anything],
  }
  return propose([...made.map(([, one]) => one), step], {
    ...listed,
    executed_commands: [...made.map(([sql]) => sql), spoken.join(' ')],
  })
}

/** https://mariadb.com/kb/en/mariadb-dump/; a text says what is wrong. */
function dumpWords(args: DumpArgs): readonly string[] | string {
  const more = words(args.dump_extra_args ?? '')
  if ('problem' in more) return `dump_extra_args: ${more.problem}`
  const [only = ''] = args.name
  return [
    ...(args.force ? ['--force'] : []),
    ...(args.quick ? ['--quick'] : ['--skip-quick']),
    ...(args.single_transaction ? ['--single-transaction=true'] : []),
    ...(args.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(args.hex_blob ? ['--hex-blob'] : []),
    ...(args.master_data > 0 ? [`--master-data=${args.master_data}`] : []),
    ...(args.encoding ? [`--default-character-set=${args.encoding}`] : []),
    ...args.ignore_tables.map((table) => `--ignore-table=${table}`),
    ...more.words,
    ...(only === 'all'
      ? ['--all-databases']
      : args.name.length > 1
        ? ['--databases', '--', ...args.name]
        : ['--', only]),
  ]
}

function importWords(args: DumpArgs): readonly string[] {
  const [only = ''] = args.name
  return [
    ...(args.force ? ['--force'] : []),
    ...(args.encoding ? [`--default-character-set=${args.encoding}`] : []),
    ...(only === 'all' ? [] : ['--', only]),
  ]
}
