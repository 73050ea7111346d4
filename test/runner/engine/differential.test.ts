import { cases } from './ansible-cases.ts'
import { compareWithAnsible } from './compare.ts'

compareWithAnsible('drover runs a playbook', cases)
