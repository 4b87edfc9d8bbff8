import type { OxlintConfig } from 'oxlint';

/**
 * What the lint of each package (oxlint.config.ts) does not look for. Of eslint-plugin-security the rules that find
 * something; those left out argue with every array that is indexed and every file that is opened by a variable.
 */
export default {
  plugins: ['eslint', 'node'],
  jsPlugins: ['eslint-plugin-regexp', 'eslint-plugin-security'],
  categories: { correctness: 'off' },
  ignorePatterns: ['**/generated/**', '**/node_modules/**'],
  rules: {
    'eslint/no-eval': 'error',
    'eslint/no-new-func': 'error',
    'eslint/no-proto': 'error',
    'eslint/no-extend-native': 'error',
    'regexp/no-super-linear-backtracking': 'error',
    'security/detect-bidi-characters': 'error',
    'security/detect-buffer-noassert': 'error',
    'security/detect-child-process': 'error',
    'security/detect-disable-mustache-escape': 'error',
    'security/detect-eval-with-expression': 'error',
    'security/detect-new-buffer': 'error',
    'security/detect-pseudoRandomBytes': 'error',
  },
} satisfies OxlintConfig;
