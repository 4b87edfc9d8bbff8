import { DEFAULT_PAGE, ListWebhookDeliveries, type WebhookDeliveryPage } from '@invoicepress/client';
import { findDelivery, findEndpoint, listDeliveries, resendDelivery, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { toDelivery, toDeliveryWithLog } from '../to-webhook.ts';
import { deliveryIdOf, deliveryNotFound, endpointIdOf, endpointNotFound, queryOf } from './parameters.ts';

/** `GET /v1/webhook-endpoints/{id}/deliveries`: newest first, page by page. */
export const listWebhookDeliveries =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = endpointIdOf(req.params);
    const { limit = DEFAULT_PAGE, cursor, status } = queryOf(ListWebhookDeliveries, req.query);
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    const found = await withTenant(
      database,
      callerOf(req).tenantId,
      async (tx) => (await findEndpoint(tx, id)) && listDeliveries(tx, id, { status, before, limit }),
    );
    if (!found) throw endpointNotFound();
    const last = found.deliveries.at(-1);
    const page: WebhookDeliveryPage = {
      deliveries: found.deliveries.map(toDelivery),
      ...(found.hasMore && last && { nextCursor: toCursor(last.id) }),
    };
    res.json(page);
  };

/** `GET /v1/webhook-endpoints/{id}/deliveries/{deliveryId}`. */
export const getWebhookDelivery =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const [id, deliveryId] = [endpointIdOf(req.params), deliveryIdOf(req.params)];
    const found = await withTenant(database, callerOf(req).tenantId, (tx) => findDelivery(tx, id, deliveryId));
    if (!found) throw deliveryNotFound();
    res.json(toDeliveryWithLog(found.delivery, found.attempts));
  };

/** `POST /v1/webhook-endpoints/{id}/deliveries/{deliveryId}/resend`: the workers find it due at their next look. */
export const resendWebhookDelivery =
  (context: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const [id, deliveryId] = [endpointIdOf(req.params), deliveryIdOf(req.params)];
    const answer = await answerOnce(context, req, async (tx) => {
      const delivery = await resendDelivery(tx, id, deliveryId);
      if (!delivery) throw deliveryNotFound();
      if (delivery === 'disabled')
        throw new RequestProblem(
          'endpoint-disabled',
          'the endpoint is disabled; enable it with PATCH {"enabled": true} and send again',
        );
      const after = toDelivery(delivery);
      return { status: 202, body: JSON.stringify(after), audit: { touched: [id, deliveryId], after } };
    });
    sendAnswer(res, answer);
  };
