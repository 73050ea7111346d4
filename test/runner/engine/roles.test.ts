import { compareWithAnsible } from './compare.ts'
import { roleCases } from './role-cases.ts'

compareWithAnsible('drover runs roles', roleCases)
