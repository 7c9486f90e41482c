const context = '(?!kernel/|workflow/|identity/|audit/)([^/]+)';

/** @type {import('dependency-cruiser').IConfiguration} Each rule has a planted violation in test/architecture/probes.mjs. */
export default {
  forbidden: [
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that cannot be resolved silently satisfies every other rule.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Decorator metadata of a cycle is undefined at load time.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      comment: 'The kernel knows no context, workflow or app.',
      from: { path: '^libs/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|workflows|test|libs/(?!kernel/))' },
    },
    {
      name: 'engines-know-the-kernel-only',
      severity: 'error',
      comment: 'workflow, identity and audit serve every context, so they know none.',
      from: { path: '^libs/(workflow|identity|audit)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|test|libs/)', pathNot: '^libs/($1|kernel)/' },
    },
    {
      name: 'contexts-are-strangers',
      severity: 'error',
      comment: 'Contexts meet only in workflows/, as messages.',
      from: { path: `^libs/${context}/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|workflows|libs/)', pathNot: '^libs/($1|kernel)/' },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      comment: 'decide and evolve must give the same answer tomorrow: no I/O, clock, randomness or framework.',
      from: { path: '(\\.decider\\.ts$|^libs/workflow/stages/)', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional'] },
    },
    {
      name: 'one-language-one-place',
      severity: 'error',
      comment:
        'Rules ask whether a condition holds; what CEL may say, and that it stays pure and bounded, is decided in one file.',
      from: { pathNot: '^libs/workflow/condition\\.ts$' },
      to: { path: 'node_modules/@marcbachmann/cel-js/' },
    },
    {
      name: 'front-door-only',
      severity: 'error',
      comment: 'From outside, a library is its index.ts; unit specs beside the code are inside.',
      from: { path: '^(apps|workflows|bench)/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/index\\.ts$' },
    },
    {
      name: 'no-test-in-production',
      severity: 'error',
      comment: 'What runs in production knows nothing of tests.',
      from: { path: '^(apps|libs|workflows)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$)' },
    },
    {
      name: 'nest-is-a-door',
      severity: 'error',
      comment: 'Only the server takes requests: what a command line or a worker loads need not carry its framework.',
      from: { pathNot: '^(apps/server/|test/|bench/)' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'one-driver-one-place',
      severity: 'error',
      comment: 'Databases and Redis are reached through ports and the workflow runtime.',
      from: { pathNot: '^(libs/[^/]+/[^/]+\\.(postgres|eventstoredb)\\.ts$|libs/workflow/runtime/|test/|bench/)' },
      to: { path: 'node_modules/(pg|pg-cursor|@eventstore/db-client|bullmq|ioredis)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^apps/console/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['entente-source', 'import', 'node', 'default'] },
  },
};
