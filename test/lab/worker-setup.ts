import { labAvailable } from './available.ts'
import { findLab, labUp } from './lab.ts'
import { sharedLabName as name } from './shared.ts'

// Before the suites of a file, as hooks have less time than an image takes to be built.
if (labAvailable && !findLab(name)) await labUp({ name })
