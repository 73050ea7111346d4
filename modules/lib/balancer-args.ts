/** The arguments that describe a load balancer: https://docs.openstack.org/api-ref/load-balancer/v2/, whose names they have. */
const since = '0.1.0'
const ENABLED = {
  type: 'boolean',
  default: true,
  aliases: ['is_admin_state_up', 'enabled'],
  description: 'Whether it does its work.',
  since,
} as const
const PORT = { type: 'integer', minimum: 1, maximum: 65_535, since } as const

const MEMBER = {
  type: 'object',
  required: ['address', 'protocol_port'],
  properties: {
    name: { type: 'string', description: 'What it is called.', since },
    address: { type: 'string', description: 'Where it is: an IP address.', since },
    protocol_port: { ...PORT, aliases: ['port'], description: 'Its port.' },
    weight: {
      type: 'integer',
      minimum: 0,
      maximum: 256,
      default: 1,
      description: 'How much it gets, beside the others; 0: nothing new.',
      since,
    },
    subnet: {
      type: 'string',
      aliases: ['subnet_id'],
      description: 'The subnet it is reached by, by name or id; that of the load balancer where unset.',
      since,
    },
    backup: { type: 'boolean', description: 'Gets something only where all others are down.', since },
    admin_state_up: ENABLED,
  },
} as const

const MONITOR = {
  type: 'object',
  properties: {
    type: {
      type: 'string',
      enum: ['TCP', 'HTTP', 'HTTPS', 'PING', 'TLS-HELLO', 'UDP-CONNECT', 'SCTP'],
      default: 'TCP',
      description: 'How members are asked.',
      since,
    },
    delay: { type: 'integer', minimum: 1, default: 5, description: 'Seconds between two times.', since },
    timeout: {
      type: 'integer',
      minimum: 1,
      default: 3,
      aliases: ['resp_timeout'],
      description: 'Seconds that an answer may take; less than `delay`.',
      since,
    },
    max_retries: {
      type: 'integer',
      minimum: 1,
      maximum: 10,
      default: 3,
      description: 'Good answers after which a member is taken to be up.',
      since,
    },
    max_retries_down: {
      type: 'integer',
      minimum: 1,
      maximum: 10,
      default: 3,
      description: 'Bad ones after which it is taken to be down.',
      since,
    },
    url_path: { type: 'string', description: 'What is asked for, with HTTP and HTTPS.', since },
    http_method: { type: 'string', aliases: ['monitor_http_method'], description: 'With which method.', since },
    expected_codes: { type: 'string', description: 'Good statuses: `200`, `200,202`, `200-204`.', since },
    admin_state_up: ENABLED,
  },
} as const

const POOL = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      description: 'What it is called. The name of the listener and `-pool` where unset.',
      since,
    },
    protocol: {
      type: 'string',
      enum: ['TCP', 'HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'UDP', 'SCTP'],
      description: 'What is spoken with its members; what the listener speaks where unset.',
      since,
    },
    lb_algorithm: {
      type: 'string',
      enum: ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT'],
      default: 'ROUND_ROBIN',
      description: 'Which member gets the next connection.',
      since,
    },
    admin_state_up: ENABLED,
    members: {
      type: 'array',
      items: MEMBER,
      description:
        'All members. Each is known by its address and port; those that are not listed are removed. Where unset, they are left as they are.',
      since,
    },
    health_monitor: {
      ...MONITOR,
      aliases: ['healthmonitor'],
      description: 'How it is known which members are up. Where unset, it is left as it is.',
      since,
    },
  },
} as const

const LISTENER = {
  type: 'object',
  required: ['protocol_port'],
  properties: {
    name: {
      type: 'string',
      description: 'What it is called. The name of the load balancer and the port where unset.',
      since,
    },
    protocol: {
      type: 'string',
      enum: ['TCP', 'HTTP', 'HTTPS', 'TERMINATED_HTTPS', 'UDP', 'SCTP'],
      default: 'HTTP',
      description: 'What is spoken with clients. Cannot be changed.',
      since,
    },
    protocol_port: { ...PORT, aliases: ['port'], description: 'Where it listens. Cannot be changed.' },
    connection_limit: { type: 'integer', minimum: -1, description: 'The most connections; -1 for any number.', since },
    allowed_cidrs: {
      type: 'array',
      items: { type: 'string' },
      description: 'Who may connect, where not everybody may.',
      since,
    },
    admin_state_up: ENABLED,
    pool: { ...POOL, description: 'Who gets the connections.', since },
  },
} as const

export const balancerProperties = {
  name: { type: 'string', minLength: 1, description: 'What it is called. One in the project has that name.', since },
  state: {
    type: 'string',
    enum: ['present', 'absent'],
    default: 'present',
    description: 'absent: it is removed, with its listeners, pools and members.',
    since,
  },
  api: {
    type: 'string',
    enum: ['octavia', 'lbaas_v1'],
    default: 'octavia',
    description:
      'Who has load balancers: Octavia, or Neutron itself as up to Newton (LBaaS 1.0), where one has one listener with a pool, in the subnet `vip_subnet`.',
    since,
  },
  description: { type: 'string', description: 'What it is for; kept as it is where unset.', since },
  vip_subnet: {
    type: 'string',
    aliases: ['vip_subnet_id'],
    description:
      'The subnet in which it has its address, by name or id. This, `vip_network` or `vip_port` is needed to make it.',
    since,
  },
  vip_network: {
    type: 'string',
    aliases: ['vip_network_id'],
    description: 'The network in which it has its address, by name or id.',
    since,
  },
  vip_port: {
    type: 'string',
    aliases: ['vip_port_id'],
    description: 'A port that it is to take, by name or id.',
    since,
  },
  vip_address: { type: 'string', description: 'Its address; a free one where unset.', since },
  provider: { type: 'string', description: 'What makes it: `amphora`, `ovn`. Only for making it.', since },
  admin_state_up: ENABLED,
  listeners: {
    type: 'array',
    items: LISTENER,
    description:
      'Where it takes connections, and who gets them. A listener is known by its name, and one without by its port; others are left as they are.',
    since,
  },
  wait: {
    type: 'boolean',
    default: true,
    description: 'Waits until all is in force (`provisioning_status` ACTIVE), or it is gone.',
    since,
  },
  timeout: {
    type: 'integer',
    minimum: 1,
    default: 180,
    description: 'Seconds that each change may take until it is in force.',
    since,
  },
} as const
