import { compareWithAnsible } from './compare.ts'
import { foundCases } from './found-cases.ts'

compareWithAnsible('drover runs what random playbooks have found', foundCases)
