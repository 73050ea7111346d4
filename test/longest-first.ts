import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes more than a minute and a half, the longest first: whatever comes last keeps one worker busy while the others have nothing to do. */
const LONGEST = ['selinux-boot', 'site', 'galera', 'selinux', 'examples', 'rpm', 'spice', 'swift', 'laws', 'octavia']

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.lab.test.ts`))
  return place === -1 ? LONGEST.length : place
}

/** Vitest's own order, but for the longest suites. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
