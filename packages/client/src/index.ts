export * from './contract/index.ts';
export { formatInfo, formats, profiles, type Format, type Profile } from '@invoicepress/invoice';
export {
  createClient,
  type Client,
  type ClientOptions,
  type EventQuery,
  type KeyOptions,
  type WaitOptions,
} from './client.ts';
export type { FollowOptions } from './follow-events.ts';
export { openApiDocument } from './openapi.ts';
export { ProblemError, Unreachable, WaitTimeout } from './problem-error.ts';
