import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../schema/nearest.ts'

const keywords = ['tasks', 'tags', 'hosts', 'become_user', 'when', 'state', 'dest', 'notify']

test.each([
  ['taks', 'tasks'],
  ['task', 'tasks'],
  ['dset', 'dest'],
  ['becomeuser', 'become_user'],
  ['become-user', 'become_user'],
  ['BECOME_USER', 'become_user'],
  ['whne', 'when'],
  ['notfiy', 'notify'],
  ['x', undefined],
  ['completely_else', undefined],
])('%s is nearest to %s', (written, expected) => {
  expect(nearest(written, keywords)).toBe(expected)
})

test('a hint only where a name is near', () => {
  expect(didYouMean('hots', keywords)).toBe('did you mean "hosts"?')
  expect(didYouMean('zzz', keywords)).toBeUndefined()
})
