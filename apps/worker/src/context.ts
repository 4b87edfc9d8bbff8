import type { Database } from '@invoicepress/database';
import type { Storage } from '@invoicepress/storage';
import type { Telemetry } from '@invoicepress/telemetry';
import type { Config } from './config.ts';
import type { LoadAssets } from './logo-cache.ts';
import type { RendererPool } from '@invoicepress/renderers';
import type { Templates } from './templates.ts';

/** The parts that processors are made of; main.ts puts them together, and tests give their own. */
export interface Context {
  config: Pick<Config, 'LEASE_MS' | 'VERIFY_DOCUMENTS' | 'WORKER_CONCURRENCY'>;
  database: Database;
  storage: Storage;
  renderers: RendererPool;
  loadAssets: LoadAssets;
  templates: Templates;
  telemetry: Telemetry;
  clock: () => Date;
}
