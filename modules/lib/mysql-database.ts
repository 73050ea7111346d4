import { identifier } from './sql-text.ts'

/** The statement that makes a database: https://mariadb.com/kb/en/create-database/ */
export const createDatabase = (name: string, encoding: string | null, collation: string | null): string =>
  `CREATE DATABASE ${identifier(name)}${encoding === null ? '' : ` CHARACTER SET ${encoding}`}${collation === null ? '' : ` COLLATE ${collation}`}`
