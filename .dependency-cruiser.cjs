/** The floors of the house: imports only go down, and the three lower floors run anywhere. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-knows-nothing-above',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/(vae|latent|lab)/' },
    },
    {
      name: 'vae-imports-engine-only',
      severity: 'error',
      from: { path: '^src/vae/' },
      to: { path: '^src/(latent|lab)/' },
    },
    { name: 'latent-below-lab', severity: 'error', from: { path: '^src/latent/' }, to: { path: '^src/lab/' } },
    {
      name: 'web-takes-types-alone-from-the-lab',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/lab/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'nothing-imports-web', severity: 'error', from: { path: '^src/' }, to: { path: '^web/' } },
    {
      name: 'lower-floors-are-isomorphic',
      comment: 'engine, vae and latent run in Node.js and in a browser tab',
      severity: 'error',
      from: {
        path: '^src/(engine|vae|latent)/|^src/index\\.ts$',
        pathNot: '^src/engine/runtime/node(\\.test)?\\.ts$|\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-the-runtimes-import-onnxruntime',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/runtime/(node|web|webLibrary)\\.ts$' },
      to: { path: 'onnxruntime-(node|web|common)' },
    },
    {
      name: 'not-into-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
    {
      name: 'resolvable',
      comment: 'an address of a file, which only the bundler of the lab knows, ends in ?url',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?]url$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
