// The layers of the code, as README draws them: runner → modules → schema, and what each part may not do.
/** @type {(name: string, comment: string, from: object, to: object) => object} */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })
/** The packages that only one folder may import. */
const only = (packages, folder) =>
  forbid(
    `only-${folder.replaceAll('/', '-')}-imports-${packages}`,
    `${packages} belongs to ${folder}`,
    { path: '^(runner|modules|schema)/', pathNot: `^${folder}` },
    { path: `node_modules/(${packages})/` },
  )

module.exports = {
  forbidden: [
    forbid(
      'no-cycles',
      'a cycle has no layers',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'schema-is-the-bottom',
      'schema imports nothing of ours',
      { path: '^schema/' },
      { path: '^(runner|modules|test)/' },
    ),
    forbid(
      'modules-below-runner',
      'modules may not see the engine',
      { path: '^modules/' },
      { path: '^(runner|test)/' },
    ),
    forbid(
      'no-code-imports-tests',
      'tests mirror the code, never the other way',
      { path: '^(runner|modules|schema)/' },
      { path: '^test/' },
    ),
    forbid(
      'modules-do-no-io',
      'modules describe; the engine acts',
      { path: '^(modules|schema)/' },
      { path: '^(node:)?(fs|fs/promises|child_process|net|tls|http|https|dgram|worker_threads)$' },
    ),
    forbid(
      'language-touches-no-host',
      'language is text to tree',
      { path: '^runner/language/' },
      { path: '^runner/(engine|transport|report|cli)/' },
    ),
    forbid(
      'transport-knows-no-playbook',
      'transport carries requests',
      { path: '^runner/transport/' },
      { path: '^runner/(engine|language|vars|template|report|cli)/' },
    ),
    forbid(
      'engine-prints-nothing',
      'the engine emits events',
      { path: '^runner/engine/' },
      { path: '^runner/(report|cli)/' },
    ),
    forbid(
      'report-sees-events-only',
      'events in, pixels out',
      { path: '^runner/report/' },
      { path: '^runner/(transport|language|vars|template|inventory|cli)/' },
    ),
    forbid('nothing-imports-cli', 'cli is the top', { path: '^runner/(?!cli/)' }, { path: '^runner/cli/' }),
    only('ssh2', 'runner/transport/'),
    only('mysql2', 'runner/host/services/'),
    only('nunjucks', 'runner/template/'),
    only('ajv', 'schema/'),
    only('listr2', 'runner/report/'),
    only('diff', 'runner/report/'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
}
