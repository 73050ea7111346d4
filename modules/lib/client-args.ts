/** Arguments of all modules that ask a service over HTTP. */
export const clientProperties = {
  validate_certs: { type: 'boolean', default: true, description: 'Whether certificates are checked.', since: '0.1.0' },
  api_timeout: {
    type: 'integer',
    minimum: 1,
    default: 30,
    description: 'Seconds that one request may take.',
    since: '0.1.0',
  },
} as const
