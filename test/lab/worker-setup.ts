import { inject } from 'vitest'
import { labAvailable } from './available.ts'
import { findLab, labUp } from './lab.ts'
import { takeLab } from './shared.ts'

// Before the suites of a file, as hooks have less time than an image takes to be built.
if (labAvailable) {
  const name = await takeLab(inject('labs'))
  if (!findLab(name)) await labUp({ name })
}
