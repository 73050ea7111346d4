import { describe, expect, it } from 'vitest'
import type { AwsKey } from '../../../../modules/question.ts'
import { signed } from '../../../../runner/host/services/sign.ts'

/** The key and the requests of the examples in Amazon's own documentation. */
const KEY: AwsKey = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 's3',
  version: 4,
}
const MAY = new Date('2013-05-24T00:00:00Z')

describe('signatures', () => {
  it.each([
    ['?lifecycle=', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('of version 4 are those of its documentation: %s', (query, signature) => {
    const headers = { host: 'examplebucket.s3.amazonaws.com' }
    const made = signed({ method: 'GET', path: `/${query}`, headers }, KEY, MAY)
    expect(made).toMatchObject({
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
    })
  })

  it.each([
    ['/awsexamplebucket1/photos/puppy.jpg', '2007-03-27T19:36:42Z', 'qgk2+6Sv9/oM7G3qLEjTH1a1l1g='],
    [
      '/awsexamplebucket1/?prefix=photos&max-keys=50&marker=puppy',
      '2007-03-27T19:42:41Z',
      'm0WP8eCtspQl5Ahe6L1SozdX9YA=',
    ],
    ['/awsexamplebucket1/?acl', '2007-03-27T19:44:46Z', '82ZHiFIjc+WbcwFKGUVEQspPn+0='],
  ])('of version 2 are those of its documentation: %s', (path, time, signature) => {
    const key = { ...KEY, version: 2 } as const
    expect(signed({ method: 'GET', path, headers: { host: 'h' } }, key, new Date(time))).toMatchObject({
      authorization: `AWS AKIAIOSFODNN7EXAMPLE:${signature}`,
    })
  })
})
