import { stat } from '../facts/stat.ts'
import { nothingBrought } from '../facts/brought.ts'
import { stale, type Effect } from '../step.ts'

/** A package often brings a unit of its own name, and may bring others: in check mode nobody can say. */
export const unitsOf = (name: string): readonly Effect[] => [
  ...[...new Set([name, name.replace(/-server$/, '')])].flatMap((unit) =>
    ['/usr/lib', '/lib'].map((root) => stale(stat(`${root}/systemd/system/${unit}.service`))),
  ),
  stale(nothingBrought()),
]
