import { generateKeyPairSync } from 'node:crypto'
import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { makeKeyPair } from '../../../runner/transport/key-pair.ts'

it('passes over a pair that ssh2 made but cannot read', () => {
  const good = makeKeyPair()
  const wire = Buffer.concat([good.public.getPublicSSH().subarray(0, 18), Buffer.from([31]), Buffer.alloc(31, 7)])
  const short = `ssh-ed25519 ${wire.toString('base64')}`
  expect(ssh2.utils.parseKey(short)).toBeInstanceOf(Error)
  const text = `ssh-ed25519 ${good.public.getPublicSSH().toString('base64')}`
  const unreadable = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const offers = [
    { private: good.private, public: short },
    { private: unreadable, public: text },
    { private: good.private, public: text },
  ]
  const made = makeKeyPair(() => offers.shift() ?? { private: good.private, public: text })
  expect(offers).toEqual([])
  expect(made.private).toBe(good.private)
})

it('signs what the public part verifies', () => {
  const pair = makeKeyPair()
  const key = ssh2.utils.parseKey(pair.private)
  if (key instanceof Error) throw key
  const signature: unknown = key.sign('text')
  expect(Buffer.isBuffer(signature) && pair.public.verify('text', signature)).toBe(true)
})
