import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { table } from '../../../../runner/cli/settings/table.ts'

it('inventory/README.md names the keys of all settings, and no others', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../inventory/README.md'), 'utf8')
  const named = [...readme.matchAll(/^\| `\[(\w+)\]` \| (.*) \|$/gm)].flatMap(([, section = '', keys = '']) =>
    [...keys.matchAll(/`(\w+)`/g)].map(([, key = '']) => `${section}.${key}`),
  )
  const known = new Set(Object.values(table).flatMap(({ keys }): readonly string[] => keys))
  expect(named.toSorted()).toEqual([...known].toSorted())
})
