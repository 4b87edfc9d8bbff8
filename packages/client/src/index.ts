export * from './contract/index.ts';
export { createClient, type Client, type ClientOptions, type WaitOptions } from './client.ts';
export { openApiDocument } from './openapi.ts';
export { ProblemError, Unreachable, WaitTimeout } from './problem-error.ts';
