export { verifyBundle, type VerifyOptions } from './verify-bundle.ts';
export type { Finding, Report, Verdict } from './report.ts';
