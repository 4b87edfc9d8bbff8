import type { OxlintConfig } from 'oxlint';

/** Who may import whom, as docs and README draw it. Tests may also import their own package and the test servers. */
const mayImport = {
  'packages/invoice': [],
  'packages/documents': ['invoice'],
  'packages/database': ['invoice'],
  'packages/client': ['invoice'],
  'packages/proof': ['invoice'],
  'packages/queue': [],
  'packages/storage': [],
  'packages/telemetry': [],
  'packages/conformance': ['documents', 'documents/consistency', 'invoice'],
  'packages/renderers': ['documents', 'documents/consistency', 'documents/no-system-fonts', 'invoice'],
  'packages/verify': ['documents', 'documents/consistency', 'documents/toolchain', 'invoice', 'proof', 'renderers'],
  'packages/supply-chain': [],
  prisma: ['telemetry/secret-sources'],
  'apps/api': ['client', 'database', 'invoice', 'proof', 'queue', 'storage', 'telemetry'], // not documents: a preview is a job like any other
  // Not documents, which hold Typst and all fonts: a renderer is a process of its own.
  'apps/worker': [
    'database',
    'documents/samples',
    'documents/toolchain',
    'invoice',
    'queue',
    'renderers',
    'renderers/serve',
    'storage',
    'telemetry',
  ],
  'apps/console': ['client'],
};

/** What tests may import beyond that. */
const testsMayImport: Record<string, string[]> = { 'apps/worker': ['documents'] };

const anyOfOurs = ['@invoicepress/*', '@invoicepress/*/**'];

/** A package is entered by its name, never by a path into its files. */
const noPathsIntoPackages = {
  regex: String.raw`^(\.\./)+([^./][^/]*/(src|test)/|(packages|apps|prisma)/)`,
  message: 'Import another package by its name, @invoicepress/<name>: its exports say what is public.',
};

const restrict = (group: string[], message: string) => ({
  'eslint/no-restricted-imports': ['error', { patterns: [{ group, message }, noPathsIntoPackages] }] as [
    'error',
    object,
  ],
});

const importRules = Object.entries(mayImport).flatMap(([folder, names]) => {
  const message = `${folder} may import ${names.length > 0 ? names.join(', ') : 'none of our packages'}.`;
  const allowed = names.map((name) => `!@invoicepress/${name}`);
  const inTests = [folder.split('/').at(-1), '*/testing', ...(testsMayImport[folder] ?? [])].map(
    (name) => `!@invoicepress/${name}`,
  );
  return [
    { files: [`${folder}/**`], rules: restrict([...anyOfOurs, ...allowed], message) },
    {
      files: [`${folder}/**/*.test.ts`, `${folder}/test/**`],
      rules: restrict([...anyOfOurs, ...allowed, ...inTests], message),
    },
  ];
});

export default {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: ['**/generated/**', 'demo-output/**', 'bench-results/**', 'chaos-results/**', 'fuzz-results/**'],
  rules: {
    'eslint/eqeqeq': 'error',
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'node/no-process-env': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] }],
      },
    ],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/restrict-template-expressions': [
      'error',
      { allowNumber: true, allowBoolean: true, allow: ['Error', 'URL', 'URLSearchParams'] },
    ],
    // Rules of the categories that argue with good code here.
    'eslint/no-await-in-loop': 'off',
    'eslint/no-underscore-dangle': 'off',
    'import/no-named-as-default-member': 'off',
    'oxc/no-map-spread': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-extraneous-class': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/no-unnecessary-type-arguments': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/unbound-method': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
  },
  overrides: [
    ...importRules,
    {
      files: ['packages/{stack,bench,chaos,fuzz,security}/**'],
      rules: restrict(
        ['@invoicepress/{api,worker,console}', '@invoicepress/{api,worker,console}/**'],
        'An app is a process to start, not a library: spawn its main.ts.',
      ),
    },
    {
      // Settings are read in one place of each app; tools and tests are not apps.
      files: [
        'run.mjs',
        'apps/*/src/**/config.ts',
        'packages/{stack,bench,chaos,fuzz,security}/**',
        'prisma/**',
        '**/*.test.ts',
        '**/test/**',
      ],
      rules: { 'node/no-process-env': 'off' },
    },
    { files: ['**/*.test.ts', '**/test/**'], rules: { 'typescript/no-non-null-assertion': 'off' } },
  ],
} satisfies OxlintConfig;
