import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** True for what fstab(5) takes in place of a device's path: `UUID=…`, `LABEL=…`, `PARTUUID=…`, `PARTLABEL=…`. */
export const isTag = (source: string): boolean => /^(?:UUID|LABEL|PARTUUID|PARTLABEL)=/.test(source)

/** The device that a tag stands for (findfs(8)); null where no device has it. Quotes around the value are left out. */
export const deviceByTag = (tag: string): Fact<string | null> => byTag(tag.replace(/^([A-Z]+=)"(.*)"$/, '$1$2'))

const byTag = defineFact<string, string | null>({
  name: 'device-by-tag',
  // Without blkid's cache, which outlives what it describes; busybox has only findfs.
  script: (tags) =>
    tags
      .map(quote)
      .map((tag) => `blkid -c /dev/null -l -o device -t ${tag} 2>/dev/null || findfs ${tag} 2>/dev/null || :`)
      .join('\n'),
  parse: (raw) => raw.toString('utf8').trim() || null,
})
