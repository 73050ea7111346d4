import { tooLate, type Action } from '../../modules/step.ts'

/** Statuses of an action that are no failure. */
export function acceptedStatuses(action: Action): readonly number[] | 'any' {
  switch (action.do) {
    case 'run':
    case 'sh':
      return action.accept ?? [0]
    case 'await':
      return [0, tooLate]
    default:
      return [0]
  }
}

export function acceptsStatus(action: Action, status: number): boolean {
  const statuses = acceptedStatuses(action)
  return statuses === 'any' || statuses.includes(status)
}
