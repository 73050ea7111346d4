import { databases, type Database, type Databases } from '../facts/databases.ts'
import type { SqlLogin } from '../facts/galera-node.ts'
import { sqlLoginOf, sqlProperties } from '../lib/sql-args.ts'
import { sqlStep } from '../lib/sql-step.ts'
import { identifier } from '../lib/sql-text.ts'
import { defineModule, propose, refuse } from '../module.ts'
import { attributeChanges, becomes, type Step } from '../step.ts'

/** Names that belong to the server. */
const SYSTEM = new Set(['mysql', 'information_schema', 'performance_schema', 'sys'])

export default defineModule({
  name: 'mysql_db',
  summary: 'Keep databases on a MySQL or MariaDB server.',
  description:
    'Over the ssh connection of the host. A unix socket sees the user who logs in over ssh, whatever `become` says. An existing database keeps its ' +
    'encoding and collation; where they are others than asked for, the task says so. Dumps and their import are not offered: use `shell` with mariadb-dump.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        aliases: ['db'],
        description: 'The databases.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'absent: with all that is in it.',
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
      ...sqlProperties,
    },
  },
  returns: {
    db: 'The databases, as one text.',
    db_list: 'The databases.',
    executed_commands: 'The statements that made the change.',
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
  ],
  async observe(host, args): Promise<{ readonly login: SqlLogin; readonly known: Databases }> {
    const login = await sqlLoginOf(host, args)
    return { login, known: await host.get(databases(login)) }
  },
  plan(args, { login, known }) {
    const listed = { db: args.name.join(' '), db_list: args.name, executed_commands: [] }
    if (known.kind === 'unknown') return refuse(known.message, listed)
    const fold = (name: string): string => (known.foldsCase ? name.toLowerCase() : name)
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
        const sql = `CREATE DATABASE ${identifier(name)}${encoding === null ? '' : ` CHARACTER SET ${encoding}`}${collation === null ? '' : ` COLLATE ${collation}`}`
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
