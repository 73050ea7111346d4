import type { Routines } from '../routine.ts'
import { dataFilters } from './data.ts'
import { encodingFilters } from './encoding.ts'
import { htmlFilters } from './html.ts'
import { mappingFilters } from './mapping.ts'
import { numberFilters } from './number.ts'
import { pathFilters } from './path.ts'
import { regexFilters } from './regex.ts'
import { selectionFilters } from './selection.ts'
import { sequenceFilters } from './sequence.ts'
import { textFilters } from './text.ts'
import { timeFilters } from './time.ts'
import { valueFilters } from './value.ts'
import { vaultFilters } from './vault.ts'
import { communityFilters } from './community.ts'
import { hardwareAddressFilters } from './hardware-address.ts'
import { keyFilters } from './keys.ts'
import { networkFilters } from './network.ts'
import { passwordFilters } from './password.ts'
import { urlizeFilters } from './urlize.ts'

/** All filters by name: Jinja2's, and Ansible's where both have one. */
export const filters: Routines = new Map([
  ...dataFilters,
  ...encodingFilters,
  ...htmlFilters,
  ...mappingFilters,
  ...numberFilters,
  ...pathFilters,
  ...regexFilters,
  ...selectionFilters,
  ...sequenceFilters,
  ...textFilters,
  ...timeFilters,
  ...valueFilters,
  ...vaultFilters,
  ...communityFilters,
  ...hardwareAddressFilters,
  ...keyFilters,
  ...networkFilters,
  ...passwordFilters,
  ...urlizeFilters,
])
