import { databases, type Database, type Databases } from '../facts/databases.ts'
import type { SqlLogin } from '../facts/galera-node.ts'
import { stat } from '../facts/stat.ts'
import { hostPath } from '../lib/host-path.ts'
import { createDatabase } from '../lib/mysql-database.ts'
import { type DumpFile, dumpProperties, planDump } from '../lib/mysql-dump-plan.ts'
import { sqlLoginOf, sqlProperties } from '../lib/sql-args.ts'
import { sqlStep } from '../lib/sql-step.ts'
import { identifier } from '../lib/sql-text.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { attributeChanges, becomes, type Step } from '../step.ts'

/** Names that belong to the server. */
const SYSTEM = new Set(['mysql', 'information_schema', 'performance_schema', 'sys'])

interface State {
  readonly login: SqlLogin
  readonly known: Databases
  readonly file: DumpFile | null
}

export default defineModule({
  name: 'mysql_db',
  summary: 'Keep databases on a MySQL or MariaDB server.',
  description:
    'Over the ssh connection of the host. A unix socket sees the user who logs in over ssh, whatever `become` says. An existing database keeps its ' +
    'encoding and collation; where they are others than asked for, the task says so. A dump is written whole or not at all, by the host’s mariadb-dump or mysqldump; it and its import happen in every run.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        aliases: ['db'],
        description: 'The databases; `all` for a dump of all, or where a dump says itself which ones it is of.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent', 'dump', 'import'],
        default: 'present',
        description:
          'absent: with all that is in it. dump: written to `target`. import: read from there; a database that is not there is made first.',
        since: '0.1.0',
      },
      encoding: {
        type: 'string',
        pattern: '^\\w*$',
        description: 'The character set of a new one: utf8mb4.',
        since: '0.1.0',
      },
      collation: {
        type: 'string',
        pattern: '^\\w*$',
        description: 'How a new one sorts: utf8mb4_unicode_ci.',
        since: '0.1.0',
      },
      ...dumpProperties,
      ...sqlProperties,
    },
  },
  returns: {
    db: 'The databases, as one text.',
    db_list: 'The databases.',
    executed_commands: 'The statements that made the change, or the words of the program.',
  },
  examples: [
    {
      title: 'A database for an application',
      task: 'mysql_db: { name: shop, encoding: utf8mb4, collation: utf8mb4_unicode_ci }',
      needs: 'a database server',
    },
    {
      title: 'Two databases that are gone',
      task: 'mysql_db: { name: [test, old], state: absent }',
      needs: 'a database server',
    },
    {
      title: 'A dump, compressed',
      task: 'mysql_db: { name: shop, state: dump, target: /var/backups/shop.sql.gz, single_transaction: true }',
      needs: 'a database server',
    },
    {
      title: 'A dump that is read',
      task: 'mysql_db: { name: shop, state: import, target: /var/backups/shop.sql.gz }',
      needs: 'a database server',
    },
  ],
  async observe(host, args): Promise<State> {
    const login = await sqlLoginOf(host, args)
    const target = args.target === undefined ? null : await hostPath(host, args.target)
    const file = target === null ? null : { path: target, stat: await host.get(stat(target)) }
    return { login, known: await host.get(databases(login)), file }
  },
  plan(args, { login, known, file }) {
    const listed = { db: args.name.join(' '), db_list: args.name, executed_commands: [] }
    if (known.kind === 'unknown') return refuse(known.message, listed)
    const all = args.name.includes('all')
    if (all && (args.name.length > 1 || args.state === 'present' || args.state === 'absent'))
      return refuse('the name all stands alone, and only for a dump or an import', listed)
    const fold = (name: string): string => (known.foldsCase ? name.toLowerCase() : name)
    if (args.state === 'dump' || args.state === 'import') {
      if (file === null) return refuse(`state: ${args.state} needs target, the file of the dump`, listed)
      const missing = all
        ? []
        : args.name.filter((name) => !known.databases.some((one) => fold(one.name) === fold(name)))
      return planDump({ ...args, state: args.state }, { login, file, missing }, listed)
    }
    const own = args.name.find((name) => SYSTEM.has(name.toLowerCase()))
    if (args.state === 'absent' && own !== undefined)
      return refuse(`the database ${own} belongs to the server and is not removed`)
    const steps: Step[] = []
    const commands: string[] = []
    const warnings: string[] = []
    let { databases: there } = known
    const plan = (change: Step['change'], sql: string, after: readonly Database[]): void => {
      there = after
      commands.push(sql)
      steps.push(sqlStep(login, change, [{ sql }], [becomes(databases(login), { ...known, databases: after })]))
    }
    for (const name of args.name) {
      const found = there.find((one) => fold(one.name) === fold(name))
      const subject = `database ${name}`
      if (args.state === 'absent') {
        if (found === undefined) continue
        const rest = there.filter((one) => one !== found)
        plan({ subject, verb: 'remove' }, `DROP DATABASE ${identifier(name)}`, rest)
      } else if (found === undefined) {
        const { encoding, collation } = wished(args)
        const sql = createDatabase(name, encoding, collation)
        const given = attributeChanges({}, { encoding, collation }).filter(({ after }) => after !== null)
        plan({ subject, verb: 'create', attributes: given }, sql, [...there, { name, encoding, collation }])
      } else warnings.push(...differences(found, wished(args)))
    }
    return propose(steps, { ...listed, executed_commands: commands }, warnings)
  },
})

const wished = (args: { readonly encoding?: string | undefined; readonly collation?: string | undefined }) => ({
  encoding: args.encoding || null,
  collation: args.collation || null,
})

/** Servers call utf8 what they mean by it. */
const canonical = (name: string): string => name.toLowerCase().replace(/^utf8(?=_|$)/, 'utf8mb3')

function differences(found: Database, wanted: Omit<Database, 'name'>): readonly string[] {
  return (['encoding', 'collation'] as const).flatMap((key) => {
    const [is, shall] = [found[key], wanted[key]]
    return is === null || shall === null || canonical(is) === canonical(shall)
      ? []
      : [`the ${key} of the database ${found.name} is ${is} and not ${shall}: it is set only when a database is made`]
  })
}
