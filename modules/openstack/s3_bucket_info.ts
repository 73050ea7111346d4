import { s3Buckets, type Bucket, type S3Said } from '../facts/s3.ts'
import { s3Of, s3Properties } from '../lib/s3-args.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 's3_bucket_info',
  summary: 'List the buckets of a service that speaks S3.',
  description:
    'Swift with s3api or swift3, Ceph, MinIO, Amazon. Requests are signed (AWS Signature Version 4), and made over the connection of the host, which need have no client installed.',
  args: {
    type: 'object',
    properties: {
      ...s3Properties,
      name: { type: 'string', description: 'Only the bucket of this name.', since: '0.1.0' },
      name_filter: { type: 'string', description: 'Only buckets whose name holds this.', since: '0.1.0' },
    },
  },
  returns: { buckets: 'The buckets: name and creation_date.' },
  examples: [
    {
      title: 'Buckets in Swift, with the EC2 credentials of a project',
      task: 's3_bucket_info:\n  endpoint_url: http://10.0.32.30:8080\n  access_key: "{{ ec2.access }}"\n  secret_key: "{{ ec2.secret }}"\n  region: RegionOne\nregister: found',
      needs: 'an S3 API',
    },
    {
      title: 'Is there such a bucket?',
      task: 's3_bucket_info: { endpoint_url: "https://s3.example.org", access_key: "{{ access }}", secret_key: "{{ secret }}", name: backups }\nregister: found\nfailed_when: found is failed or found.buckets | length == 0',
      needs: 'an S3 API',
    },
  ],
  async observe(host, args): Promise<S3Said<{ readonly buckets: readonly Bucket[] }> | string> {
    const s3 = await s3Of(host, args)
    return typeof s3 === 'string' ? s3 : host.get(s3Buckets(s3))
  },
  plan({ name, name_filter: part }, state) {
    if (typeof state === 'string') return refuse(state)
    if (state.kind === 'unknown') return refuse(state.message)
    const buckets = state.buckets
      .filter((bucket) => name === undefined || bucket.name === name)
      .filter((bucket) => part === undefined || bucket.name.includes(part))
    return propose([], { buckets: buckets.map((bucket) => ({ ...bucket })) })
  },
})
