import { TemplateError } from './template.ts'

/** Runs `work`; where the stack, or the longest text or list that there can be, is used up, that is the template's error. */
export function withinBounds<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = error.message.startsWith('Maximum call stack')
      ? 'this is nested too deeply'
      : 'this makes a value that is too large'
    throw new TemplateError('value', message, { cause: error })
  }
}
