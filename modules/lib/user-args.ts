import { SSH_KEY_ARGS } from './ssh-key.ts'

const text = (description: string) => ({ type: 'string', description, since: '0.1.0' }) as const
const flag = (description: string) => ({ type: 'boolean', default: false, description, since: '0.1.0' }) as const
const number = (description: string) => ({ type: 'integer', description, since: '0.1.0' }) as const

/** What `user` takes. */
export const USER_ARGS = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { ...text('The user.'), aliases: ['user'] },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it should be there.',
      since: '0.1.0',
    },
    uid: number('The number.'),
    non_unique: flag('Lets several users have one number.'),
    group: text('The primary group: a name or a number. By default a new user gets a group of its own.'),
    groups: {
      type: 'array',
      items: { type: 'string' },
      description: 'All other groups; an empty list for none.',
      since: '0.1.0',
    },
    append: flag('Only adds the user to `groups`, and takes it out of none.'),
    comment: text('Usually the whole name.'),
    home: { ...text('The home directory.'), format: 'path' },
    create_home: {
      type: 'boolean',
      default: true,
      aliases: ['createhome'],
      description: 'Makes the home directory of a new user.',
      since: '0.1.0',
    },
    move_home: flag('Moves the content of the home directory if `home` changes.'),
    skeleton: { ...text('The directory that a new home is a copy of.'), format: 'path' },
    umask: text("The umask of a new user's home directory."),
    shell: text('The login shell.'),
    system: flag('Takes the number of a new user from those for the system.'),
    password: {
      ...text('The hash of the password, as crypt(3) makes it: see the filter `password_hash`.'),
      secret: true,
    },
    update_password: {
      type: 'string',
      enum: ['always', 'on_create'],
      default: 'always',
      description: 'on_create sets the password of a new user only.',
      since: '0.1.0',
    },
    password_lock: { type: 'boolean', description: 'Whether the password is locked.', since: '0.1.0' },
    password_expire_max: number('Days after which the password must be changed.'),
    password_expire_min: number('Days before which it may not.'),
    expires: {
      type: 'number',
      description: 'When the account ends, in seconds since the epoch; negative for never.',
      since: '0.1.0',
    },
    remove: flag('With `state: absent`: removes the home directory and the mail too.'),
    force: flag('With `state: absent`: removes the user also while logged in.'),
    ...SSH_KEY_ARGS,
  },
} as const
