import type { JsonObject } from '../../../schema/infer.ts'
import { fileText, firstLine, namesBelow, sectionText, type Reading } from './reading.ts'

/** Ansible's facts about processors, of /proc/cpuinfo. */
export function processor(reading: Reading): JsonObject {
  const text = fileText(reading, '/proc/cpuinfo')
  const cpus = text
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          block.split('\n').map((line) => [line.split(':')[0]?.trim() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
        ),
    )
    .filter((cpu) => cpu.has('processor'))
  const sockets = new Set(cpus.flatMap((cpu) => cpu.get('physical id') ?? [])).size
  const [first] = cpus
  const cores = Number(first?.get('cpu cores') ?? 1) || 1
  const siblings = Number(first?.get('siblings') ?? cores) || cores
  const count = sockets || cpus.length
  const perCore = Math.max(1, Math.floor(siblings / cores))
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(fileText(reading, '/proc/self/status'))?.[1]
  return {
    processor: cpus.flatMap((cpu) => ['processor', 'vendor_id', 'model name'].flatMap((key) => cpu.get(key) ?? [])),
    processor_count: count,
    processor_cores: sockets === 0 ? 1 : cores,
    processor_threads_per_core: perCore,
    processor_vcpus: sockets === 0 ? cpus.length : perCore * count * cores,
    processor_nproc: allowed === undefined ? cpus.length : listLength(allowed),
  }
}

/** `0-3,8` → 5. */
const listLength = (list: string): number =>
  list.split(',').reduce((all, range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return all + to - from + 1
  }, 0)

/** Ansible's facts about memory, in MiB, of /proc/meminfo. */
export function memoryFacts(reading: Reading): JsonObject {
  const kib = new Map(
    [...fileText(reading, '/proc/meminfo').matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name, size]) => [
      name,
      Number(size),
    ]),
  )
  const mb = (...names: readonly string[]): number =>
    Math.floor(names.reduce((all, name) => all + (kib.get(name) ?? 0), 0) / 1024)
  const [total, free, cachedToo] = [mb('MemTotal'), mb('MemFree'), mb('MemFree', 'Cached', 'Buffers')]
  const [swapTotal, swapFree] = [mb('SwapTotal'), mb('SwapFree')]
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swapTotal,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, used: total - free, free },
      nocache: { free: cachedToo, used: total - cachedToo },
      swap: { total: swapTotal, free: swapFree, used: swapTotal - swapFree, cached: mb('SwapCached') },
    },
  }
}

/** Ansible's facts about disks and their partitions, of sysfs. */
export function devices(reading: Reading): JsonObject {
  const tags = deviceTags(reading)
  const all = namesBelow(reading, '/sys/block').toSorted()
  return {
    devices: Object.fromEntries(all.map((name) => [name, deviceFacts(reading, name, tags)])),
    device_links: {
      ids: {},
      labels: Object.fromEntries([...tags].flatMap(([name, { label }]) => (label ? [[name, [label]]] : []))),
      masters: {},
      uuids: Object.fromEntries([...tags].flatMap(([name, { uuid }]) => (uuid ? [[name, [uuid]]] : []))),
    },
  }
}

interface Tags {
  readonly uuid: string
  readonly label: string
}
/** `lsblk -rnpo NAME,UUID,LABEL`: one blank between the fields, which may be empty, with `\xNN` for odd characters. */
export function deviceTags(reading: Reading): ReadonlyMap<string, Tags> {
  return new Map(
    sectionText(reading, 'links')
      .split('\n')
      .flatMap((line) => {
        const [path, uuid = '', label = ''] = line
          .split(' ')
          .map((field) =>
            field.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
          )
        return path ? [[path.replace(/^\/dev\//, ''), { uuid, label }] as const] : []
      }),
  )
}

function deviceFacts(reading: Reading, name: string, tags: ReadonlyMap<string, Tags>): JsonObject {
  const at = (file: string): string | undefined => firstLine(reading, `/sys/block/${name}/${file}`)
  const sector = Number(at('queue/logical_block_size') ?? 512)
  const parts = namesBelow(reading, `/sys/block/${name}`).filter((part) => at(`${part}/partition`) !== undefined)
  return {
    vendor: at('device/vendor') ?? null,
    model: at('device/model') ?? null,
    removable: at('removable') ?? '0',
    rotational: at('queue/rotational') ?? '0',
    scheduler_mode: /\[([^\]]+)\]/.exec(at('queue/scheduler') ?? '')?.[1] ?? '',
    sectors: at('size') ?? '0',
    sectorsize: String(sector),
    size: human(Number(at('size') ?? 0) * 512),
    support_discard: at('queue/discard_granularity') ?? '0',
    links: links(tags.get(name)),
    partitions: Object.fromEntries(
      parts.map((part) => [
        part,
        {
          start: at(`${part}/start`) ?? '0',
          sectors: at(`${part}/size`) ?? '0',
          sectorsize: sector,
          size: human(Number(at(`${part}/size`) ?? 0) * 512),
          uuid: tags.get(part)?.uuid || null,
          links: links(tags.get(part)),
        },
      ]),
    ),
  }
}

const links = (tags: Tags | undefined): JsonObject => ({
  ids: [],
  labels: tags?.label ? [tags.label] : [],
  masters: [],
  uuids: tags?.uuid ? [tags.uuid] : [],
})

/** As Ansible writes sizes: powers of 1024 with two digits, `256.00 GB`. */
function human(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']
  const power = bytes < 1024 ? 0 : Math.floor(Math.log(bytes) / Math.log(1024))
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power] ?? ''}`
}

/** The forms of chassis by number (SMBIOS specification, 7.4.1). */
const CHASSIS: readonly string[] = [
  'Unknown', 'Other', 'Unknown', 'Desktop', 'Low Profile Desktop', 'Pizza Box', 'Mini Tower', 'Tower', 'Portable', 'Laptop', 'Notebook',
  'Hand Held', 'Docking Station', 'All in One', 'Sub Notebook', 'Space-saving', 'Lunch Box', 'Main Server Chassis', 'Expansion Chassis',
  'Sub Chassis', 'Bus Expansion Chassis', 'Peripheral Chassis', 'RAID Chassis', 'Rack Mount Chassis',
] // prettier-ignore

/** What the firmware says of the machine; `NA` where it says nothing, or not to this user. */
export function firmware(reading: Reading): JsonObject {
  const read = (file: string): string => firstLine(reading, `/sys/class/dmi/id/${file}`) ?? 'NA'
  const names = ['bios_date', 'bios_vendor', 'bios_version', 'board_asset_tag', 'board_name', 'board_serial', 'board_vendor', 'board_version',
    'chassis_asset_tag', 'chassis_serial', 'chassis_vendor', 'chassis_version', 'product_name', 'product_serial', 'product_uuid', 'product_version'] // prettier-ignore
  const form = read('chassis_type')
  return {
    ...Object.fromEntries(names.map((name) => [name, read(name)])),
    system_vendor: read('sys_vendor'),
    form_factor: form === 'NA' ? 'NA' : (CHASSIS[Number(form)] ?? 'NA'),
  }
}
