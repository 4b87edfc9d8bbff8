import type { Database, Sealing } from '@invoicepress/database';
import type { ProofSigner } from '@invoicepress/proof';
import type { DeliveryQueue, RenderQueue, TrialQueue } from '@invoicepress/queue';
import type { Storage } from '@invoicepress/storage';
import type { Telemetry } from '@invoicepress/telemetry';
import type { Store } from 'express-rate-limit';
import type { Tokens } from './auth/tokens.ts';
import type { Config } from './config.ts';
import type { EventStreams } from './event-streams.ts';

/** The parts that routes are made of; main.ts puts them together, and tests give their own. */
export interface Context {
  config: Config;
  database: Database;
  queue: RenderQueue;
  deliveries: DeliveryQueue;
  trials: TrialQueue;
  storage: Storage;
  telemetry: Telemetry;
  tokens: Tokens;
  proofSigner: ProofSigner;
  sealing: Sealing;
  streams: EventStreams;
  clock: () => Date;
  /** Where request counts are kept, per limit: shared in Redis, or in this process. */
  rateLimitStore: ((prefix: string) => Store) | undefined;
}
