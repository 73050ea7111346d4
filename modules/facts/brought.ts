import { defineFact, type Fact } from '../fact.ts'

/* Nothing to read on a host: in a check, a package that would be installed makes them what cannot be known. */
const none = (name: string) => defineFact<string, null>({ name, given: true, script: () => ':\n', parse: () => null })
const contents = none('what-packages-bring')
const repositories = none('repositories-of-packages')

/** That no unit, file or directory comes along with a package: in a check not to be known once packages would be installed. */
export const nothingBrought = (): Fact<null> => contents('')

/** That no repository comes along with a package: in a check not to be known once such a package would be installed. */
export const noRepositoryBrought = (): Fact<null> => repositories('')
