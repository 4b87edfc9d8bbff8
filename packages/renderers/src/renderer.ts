/**
 * A renderer: a child process that renders one invoice at a time and knows nothing else. It has nothing of
 * the worker's environment, no network address, no secret; the pool kills it when it takes too long or too much.
 */
import { createRenderer } from '@invoicepress/documents';
import { serveRenders } from './serve-renders.ts';

serveRenders(createRenderer());
