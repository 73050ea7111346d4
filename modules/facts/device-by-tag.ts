import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** True for what fstab(5) takes in place of a device's path: `UUID=…`, `LABEL=…`, `PARTUUID=…`, `PARTLABEL=…`. */
export const isTag = (source: string): boolean => /^(?:UUID|LABEL|PARTUUID|PARTLABEL)=/.test(source)

/** The device that a tag stands for (findfs(8)); null where no device has it. Quotes around the value are left out. */
export const deviceByTag = (tag: string): Fact<string | null> => byTag(tag.replace(/^([A-Z]+=)"(.*)"$/, '$1$2'))

const byTag = defineFact<string, string | null>({
  name: 'device-by-tag',
  script: (tags) => tags.map((tag) => `findfs ${quote(tag)} 2>/dev/null || :`).join('\n'),
  parse: (raw) => raw.toString('utf8').trim() || null,
})
