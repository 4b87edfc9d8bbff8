import { chainAudit, type Database } from '@invoicepress/database';
import type { Telemetry } from '@invoicepress/telemetry';
import { inRounds } from './in-rounds.ts';

/** Entries that one round chains; a full round is followed by the next at once. */
const ROUND_LIMIT = 500;
/** Milliseconds between rounds: for about so long an entry is not yet protected by those after it. */
const INTERVAL_MS = 1_000;

interface ChainParts {
  /** With the sweeper's role. */
  database: Database;
  telemetry: Telemetry;
}

/** Closes the audit chains over new entries until disposed. Any number may run: one chains at a time. */
export const startAuditChain = ({ database, telemetry }: ChainParts): AsyncDisposable =>
  inRounds(async () => {
    try {
      const { chained, waitedMs } = await chainAudit(database, ROUND_LIMIT);
      telemetry.auditChained({ count: chained, waitedMs });
      return { more: chained === ROUND_LIMIT };
    } catch (error) {
      telemetry.auditRoundFailed({ error });
      return { more: false };
    }
  }, INTERVAL_MS);
