import { transform } from 'sucrase'

/** TypeScript as JavaScript, each statement in its line. Throws with the line and column behind the message where it cannot be read. */
export const stripTypes = (text: string): string =>
  transform(text, { transforms: ['typescript'], disableESTransforms: true }).code
