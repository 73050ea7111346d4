import type { Partition, PartitionTable } from './partition-table.ts'
import { flagsOf, lastSector } from './partition-table.ts'

/** A whole table in sfdisk(8)'s script format: writing it makes the disk's table exactly this one. */
export function sfdiskText(table: PartitionTable): string {
  const head = [
    `label: ${table.label === 'msdos' ? 'dos' : table.label}`,
    ...(table.id === null ? [] : [`label-id: ${table.id}`]),
    'unit: sectors',
    ...(table.firstUsable === undefined ? [] : [`first-lba: ${table.firstUsable}`]),
    ...(table.lastUsable === undefined ? [] : [`last-lba: ${table.lastUsable}`]),
  ]
  return `${[...head, '', ...table.partitions.map(sfdiskLine)].join('\n')}\n`
}

function sfdiskLine(partition: Partition): string {
  const { number, start, size, code, uuid, name, attributes, bootable } = partition
  const fields = [
    `start=${start}`,
    `size=${size}`,
    `type=${code}`,
    ...(uuid === null ? [] : [`uuid=${uuid}`]),
    ...(name === null ? [] : [`name="${escapeName(name)}"`]),
    ...(attributes.length === 0 ? [] : [`attrs="${attributes.join(' ')}"`]),
    ...(bootable ? ['bootable'] : []),
  ]
  return `${number} : ${fields.join(', ')}`
}

/** As sfdisk writes names itself: what would end or change the quoted word becomes `\xNN`. */
const escapeName = (name: string): string =>
  name.replaceAll(/["\\`$\p{Cc}]/gu, (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)

/** parted(8)'s words for going from one table to another, for hosts without a recent sfdisk. */
export function partedWords(before: PartitionTable | null, after: PartitionTable): readonly string[] {
  const was = new Map((before?.partitions ?? []).map((one) => [one.number, one]))
  const will = new Map(after.partitions.map((one) => [one.number, one]))
  const removed = [...was.keys()].filter((number) => !will.has(number)).toReversed()
  return [
    ...(before === null ? ['mklabel', after.label] : []),
    ...removed.flatMap((number) => ['rm', String(number)]),
    ...after.partitions.flatMap((one) => partedChanges(after.label, was.get(one.number), one)),
  ]
}

/** parted takes its words apart again: a name needs quotes of its own. */
const partedName = (name: string): string => (name.includes('"') ? `'${name}'` : `"${name}"`)

function partedChanges(label: string, old: Partition | undefined, now: Partition): readonly string[] {
  const number = String(now.number)
  const had = old ? flagsOf(label, old) : []
  const has = flagsOf(label, now)
  const end = `${lastSector(now)}s`
  return [
    ...(old ? [] : ['mkpart', label === 'gpt' ? partedName(now.name ?? '') : now.type, `${now.start}s`, end]),
    ...(old && lastSector(old) !== lastSector(now) ? ['resizepart', number, end] : []),
    ...(old && now.name !== null && now.name !== old.name ? ['name', number, partedName(now.name)] : []),
    ...had.flatMap((flag) => (has.includes(flag) ? [] : ['set', number, flag, 'off'])),
    ...has.flatMap((flag) => (had.includes(flag) ? [] : ['set', number, flag, 'on'])),
  ]
}
