import { compareWithAnsible } from './compare.ts'
import { generateCases } from './generate-plays.ts'

compareWithAnsible('drover runs what is put together at random', generateCases(60, 1))
