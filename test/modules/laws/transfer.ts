import { of } from './case.ts'

const REPO = `
export GIT_CONFIG_GLOBAL=/srv/laws/gitconfig
git config --global user.name x; git config --global user.email x@x; git config --global init.defaultBranch main
[ -d gi-repo ] || { git init -q gi-repo; echo 1 >gi-repo/f; git -C gi-repo add .; git -C gi-repo commit -qm 1; }
`
const A = '87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7'

/** Of modules that move files: between hosts, from servers, in archives. Paths are in /srv/laws, one for each case. */
export const transfer = [
  ...of(
    'fetch',
    ['nothing there', 'changed', '{ src: /srv/laws/fe-new, dest: fetched }', 'echo a >fe-new'],
    ['right', 'ok', '{ src: /srv/laws/fe-right, dest: fetched-right, flat: true }', "printf 'right\\n' >fe-right"],
    ['another text', 'changed', '{ src: /srv/laws/fe-text, dest: fetched-text, flat: true }', 'echo b >fe-text'],
    ['a name for a shell', 'changed', `{ src: "/srv/laws/fe $(id)'; x", dest: fetched }`, `echo a >"fe \\$(id)'; x"`],
    ['a directory', 'failed', '{ src: /etc, dest: fetched }'],
    ['a directory in its place', 'failed', '{ src: /etc/hosts, dest: ., flat: true }'],
    ['not there', 'failed', '{ src: /srv/laws/never, dest: fetched }'],
    ['not there, and need not be', 'ok', '{ src: /srv/laws/never, dest: fetched, fail_on_missing: false }'],
  ),
  ...of(
    'unarchive',
    [
      'nothing there',
      'changed',
      '{ src: /srv/laws/un-new.tgz, dest: /srv/laws/un-new, remote_src: true }',
      'mkdir un-new un-src; echo a >un-src/a; echo b >un-src/b; tar -C un-src -czf un-new.tgz a b',
    ],
    [
      'right',
      'ok',
      '{ src: /srv/laws/un-new.tgz, dest: /srv/laws/un-right, remote_src: true }',
      'mkdir un-right; tar -C un-right -xf un-new.tgz',
    ],
    [
      'another text, and another owner',
      'changed',
      '{ src: /srv/laws/un-new.tgz, dest: /srv/laws/un-text, remote_src: true, owner: nobody, mode: "0600" }',
      'mkdir un-text; tar -C un-text -xf un-new.tgz; echo c >un-text/a',
    ],
    [
      'half unpacked',
      'changed',
      '{ src: /srv/laws/un-new.tgz, dest: /srv/laws/un-half, remote_src: true }',
      'mkdir un-half; tar -C un-half -xf un-new.tgz a; printf b >un-half/b',
    ],
    [
      'half an archive',
      'failed',
      '{ src: /srv/laws/un-cut.tgz, dest: /srv/laws/un-cut, remote_src: true }',
      'mkdir un-cut; head -c 60 un-new.tgz >un-cut.tgz',
    ],
    [
      'a way out',
      'failed',
      '{ src: /srv/laws/un-out.tar, dest: /srv/laws/un-out/in, remote_src: true, owner: nobody }',
      "mkdir -p un-out/in; tar -C un-src --transform 's|^|../|' -Pcf un-out.tar a",
    ],
    ['no directory', 'failed', '{ src: /srv/laws/un-new.tgz, dest: /srv/laws/un-none, remote_src: true }'],
  ),
  // Each in a directory of its own: what is archived from a directory that changes cannot be foretold.
  ...of(
    'archive',
    [
      'nothing there',
      'changed',
      '{ path: /srv/laws/ar-new/t, dest: /srv/laws/ar-new.tgz, mode: "0600" }',
      `mkdir -p ar-new/t; echo a >ar-new/t/a; echo b >"ar-new/t/two \\$(id) words"`,
    ],
    [
      'right',
      'ok',
      '{ path: /srv/laws/ar-right/t, dest: /srv/laws/ar-right.tgz }',
      'mkdir -p ar-right/t; echo a >ar-right/t/a; tar -C ar-right -czf ar-right.tgz t',
    ],
    [
      'another text',
      'changed',
      '{ path: /srv/laws/ar-text/t, dest: /srv/laws/ar-text.zip, format: zip }',
      'mkdir -p ar-text/t; cd ar-text; echo b >t/a; zip -qr ../ar-text.zip t; echo a >t/a',
    ],
    [
      'half an archive',
      'changed',
      '{ path: /srv/laws/ar-cut/t, dest: /srv/laws/ar-cut.tgz }',
      'mkdir -p ar-cut/t; echo a >ar-cut/t/a; tar -C ar-cut -cz t | head -c 40 >ar-cut.tgz',
    ],
    ['a directory in its place', 'failed', '{ path: /srv/laws/ar-dir/t, dest: /srv/laws/ar-dir }', 'mkdir -p ar-dir/t'],
    ['several, and no name', 'failed', '{ path: [/etc/hosts, /etc/hostname] }'],
    ['nothing to pack', 'ok', '{ path: /srv/laws/never, dest: /srv/laws/ar-none.tgz }'],
  ),
  ...of(
    'get_url',
    [
      'nothing there',
      'changed',
      '{ url: "file:///srv/laws/ge", dest: /srv/laws/ge-new, mode: "0600", tmp_dest: /dev/shm }',
      'echo a >ge',
    ],
    ['there', 'ok', '{ url: "file:///srv/laws/ge", dest: /srv/laws/ge-there }', 'echo other >ge-there'],
    [
      'another text',
      'changed',
      '{ url: "file:///srv/laws/ge", dest: /srv/laws/ge-text, force: true }',
      'echo other >ge-text',
    ],
    [
      'half of it',
      'changed',
      `{ url: "file:///srv/laws/ge", dest: /srv/laws/ge-half, checksum: "sha256:${A}" }`,
      'printf a >ge-half',
    ],
    ['right', 'ok', `{ url: "file:///none", dest: /srv/laws/ge-right, checksum: "sha256:${A}" }`, 'echo a >ge-right'],
    [
      'a name for a shell',
      'changed',
      `{ url: "file:///srv/laws/ge%20$(id)'", dest: "/srv/laws/ge new $(id)'" }`,
      `echo a >"ge \\$(id)'"`,
    ],
    ['not there', 'failed', '{ url: "file:///srv/laws/never", dest: /srv/laws/ge-never }'],
    ['no directory', 'failed', '{ url: "file:///srv/laws/ge", dest: /srv/laws/never/x }'],
    [
      'another checksum',
      'failed',
      `{ url: "file:///srv/laws/ge", dest: /srv/laws/ge-sum, checksum: "sha256:${A.replace('8', '9')}" }`,
    ],
  ),
  ...of(
    'git',
    ['nothing there', 'changed', '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-new }', REPO],
    ['right', 'ok', '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-right }', `${REPO} git clone -q gi-repo gi-right`],
    [
      'another commit',
      'changed',
      '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-old }',
      `${REPO} git clone -q gi-repo gi-old; echo 2 >gi-old/f; git -C gi-old commit -qam 2`,
    ],
    [
      'changed files',
      'failed',
      '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-dirty }',
      `${REPO} git clone -q gi-repo gi-dirty; echo 2 >gi-dirty/f`,
    ],
    [
      'half made: no commit',
      'changed',
      '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-half }',
      `${REPO} git init -q gi-half`,
    ],
    [
      'what is no checkout in its place',
      'failed',
      '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-other }',
      'mkdir gi-other; echo x >gi-other/x',
    ],
    ['no such branch', 'failed', '{ repo: /srv/laws/gi-repo, dest: /srv/laws/gi-none, version: "none; id" }'],
    ['no repository', 'failed', '{ repo: /srv/laws/never, dest: /srv/laws/gi-never }'],
  ),
] as const
