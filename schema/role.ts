import { delegationKeywords, inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

const { name: _name, ...keywords } = inheritedKeywords

/** The keywords of a role in a play's `roles` or in another role's dependencies. Any other name is a parameter of the role. */
export const roleKeywords = {
  ...keywords,
  ...delegationKeywords,
  role: { shape: 'text', description: 'The role: its name, or the path of its directory.' },
  name: { shape: 'text', description: 'The same as role.' },
  when: { shape: 'condition', description: 'A condition on each task of the role.' },
} as const satisfies Keywords

/** What a role's `meta/main.yml` may say. */
export const roleMetaKeywords = {
  dependencies: { shape: 'list', description: 'Roles to apply before this one.' },
  allow_duplicates: { shape: 'boolean', description: 'Applies the role again where a play names it twice alike.' },
  argument_specs: { shape: 'mapping', description: 'The variables that the role takes, by entry point.' },
  galaxy_info: { shape: 'any', description: 'Accepted; about the role, for people.', support: 'accepted' },
  collections: {
    shape: 'texts',
    description: 'Accepted; names of modules are looked up without it.',
    support: 'accepted',
  },
} as const satisfies Keywords
