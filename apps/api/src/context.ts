import type { Database, Sealing } from '@invoicepress/database';
import type { ProofSigner } from '@invoicepress/proof';
import type { DeliveryQueue, RenderQueue, TrialQueue } from '@invoicepress/queue';
import type { Storage } from '@invoicepress/storage';
import type { Telemetry } from '@invoicepress/telemetry';
import type { Store } from 'express-rate-limit';
import type { ExternalIssuer } from './auth/external-issuer.ts';
import type { SignInProvider } from './auth/oidc.ts';
import type { Revocations } from './auth/revocations.ts';
import type { Sessions } from './auth/sessions.ts';
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
  /** Whose access tokens count beside ours, and where people sign in: neither unless the settings name one. */
  external: ExternalIssuer | undefined;
  signInProvider: SignInProvider | undefined;
  revocations: Revocations;
  sessions: Sessions;
  proofSigner: ProofSigner;
  sealing: Sealing;
  streams: EventStreams;
  clock: () => Date;
  /** Where request counts are kept, per limit: shared in Redis, or in this process. */
  rateLimitStore: ((prefix: string) => Store) | undefined;
}
