import { AuditPage, ListAudit } from '../audit.ts';
import { unauthenticated, type Operation } from './operation.ts';

export const auditOperations = {
  listAudit: {
    method: 'get',
    path: '/v1/audit',
    summary: 'List who changed what, newest first',
    description:
      'One entry for each request that changed something, and for each command of an operator that concerns your tenant. ' +
      'Entries are never changed; each carries the hash of the one before it.',
    scope: 'audit:read',
    query: ListAudit,
    answer: { status: 200, schema: AuditPage, description: 'a page; ask on with `nextCursor`' },
    problems: { ...unauthenticated, 400: 'an invalid parameter' },
  },
} as const satisfies Record<string, Operation>;
