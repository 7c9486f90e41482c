const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true, tsx: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
};

/** NestJS 12 is ESM only, and Jest can `require` ESM only from Node 24.9 on; so the tests are ESM too. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['entente-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  globalSetup: '<rootDir>/test/support/run.mjs',
  globalTeardown: '<rootDir>/test/support/run-ends.mjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: process.env.CI === undefined ? [] : ['<rootDir>/test/support/tried-twice.mjs'],
  testMatch: ['<rootDir>/{apps,libs,workflows,test}/**/*.spec.ts'],
  // Most of a test's time goes into waiting: for databases, servers and browsers that it has started.
  maxWorkers: '100%',
  maxConcurrency: 4,
  // What a file has loaded as ESM stays in its worker for ever, and is looked through at every collection of garbage.
  workerIdleMemoryLimit: '700MB',
  // Longer than a wait that is given up (test/support/eventually.ts), which says what it waited for.
  testTimeout: 120_000,
  // A native module that a test has loaded (the browser's, the solver's) may hold the process for ever after the last test.
  forceExit: true,
  transform: { '^.+\\.tsx?$': ['@swc/jest', swc] },
};
