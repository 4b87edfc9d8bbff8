import {
  CreateWebhookEndpoint,
  DAY_SECONDS,
  defaultEventTypes,
  RotateWebhookSecret,
  UpdateWebhookEndpoint,
  type WebhookEndpointWithSecret,
} from '@invoicepress/client';
import {
  createEndpoint,
  deleteEndpoint,
  faultInWebhookUrl,
  findEndpoint,
  listEndpoints,
  MAX_ENDPOINTS,
  rotateSecret,
  updateEndpoint,
  withTenant,
  type EndpointRecord,
  type TenantTransaction,
} from '@invoicepress/database';
import type { Request, RequestHandler, Response } from 'express';
import { changeAudited } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { toEndpoint } from '../to-webhook.ts';
import { endpointIdOf, endpointNotFound } from './parameters.ts';

/** `POST /v1/webhook-endpoints`. */
export const createWebhookEndpoint =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const { url, description, eventTypes = [...defaultEventTypes] } = CreateWebhookEndpoint.parse(req.body);
    checkUrl(context, url);
    await answerWithSecret(context, req, res, 201, async (tx) => {
      const created = await createEndpoint(tx, context.sealing, { url, description, eventTypes });
      if (created) return created;
      throw new RequestProblem(
        'too-many-endpoints',
        `there are ${MAX_ENDPOINTS} endpoints, and there may be no more; delete one, or let one hear of more types of events`,
      );
    });
  };

/** `POST /v1/webhook-endpoints/{id}/rotate-secret`. */
export const rotateWebhookSecret =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const id = endpointIdOf(req.params);
    const { previousValidSeconds = DAY_SECONDS } = RotateWebhookSecret.parse(req.body);
    await answerWithSecret(context, req, res, 200, async (tx) => {
      const rotated = await rotateSecret(tx, context.sealing, id, { previousValidSeconds });
      if (!rotated) throw endpointNotFound();
      return rotated;
    });
  };

/** The answer is kept for repetitions with the same Idempotency-Key, and sealed, for it holds a secret. */
const answerWithSecret = async (
  context: Context,
  req: Request,
  res: Response,
  status: number,
  work: (tx: TenantTransaction) => Promise<{ endpoint: EndpointRecord; secret: string }>,
): Promise<void> => {
  const { sealing, clock } = context;
  const { tenantId, clientId } = callerOf(req);
  const place = `answer ${tenantId} ${clientId}`;
  const answer = await answerOnce(context, req, async (tx) => {
    const { endpoint, secret } = await work(tx);
    const after = toEndpoint(endpoint, clock());
    const body: WebhookEndpointWithSecret = { ...after, secret };
    const sealed = Buffer.from(sealing.seal(JSON.stringify(body), place)).toString('base64');
    return { status, body: sealed, audit: { touched: [after.id], after } };
  });
  sendAnswer(res, { ...answer, body: sealing.open(Buffer.from(answer.body, 'base64'), place) });
};

/** `GET /v1/webhook-endpoints`. */
export const listWebhookEndpoints =
  ({ database, clock }: Pick<Context, 'database' | 'clock'>): RequestHandler =>
  async (req, res) => {
    const endpoints = await withTenant(database, callerOf(req).tenantId, listEndpoints);
    res.json({ endpoints: endpoints.map((endpoint) => toEndpoint(endpoint, clock())) });
  };

/** `GET /v1/webhook-endpoints/{id}`. */
export const getWebhookEndpoint =
  ({ database, clock }: Context): RequestHandler =>
  async (req, res) => {
    const id = endpointIdOf(req.params);
    const endpoint = await withTenant(database, callerOf(req).tenantId, (tx) => findEndpoint(tx, id));
    if (!endpoint) throw endpointNotFound();
    res.json(toEndpoint(endpoint, clock()));
  };

/** `PATCH /v1/webhook-endpoints/{id}`. */
export const updateWebhookEndpoint = (context: Context): RequestHandler =>
  changeEndpoint(context, (req) => {
    const changes = UpdateWebhookEndpoint.parse(req.body);
    if (changes.url !== undefined) checkUrl(context, changes.url);
    return (tx, { id }) => updateEndpoint(tx, id, changes);
  });

/** `DELETE /v1/webhook-endpoints/{id}`. */
export const deleteWebhookEndpoint = (context: Context): RequestHandler =>
  changeEndpoint(
    context,
    () =>
      async (tx, { id }) =>
        (await deleteEndpoint(tx, id)) ? 'deleted' : null,
  );

type Change = (tx: TenantTransaction, before: EndpointRecord) => Promise<EndpointRecord | 'deleted' | null>;

const changeEndpoint =
  (context: Pick<Context, 'database' | 'clock'>, prepare: (req: Request) => Change): RequestHandler =>
  async (req, res) => {
    const id = endpointIdOf(req.params);
    const show = (endpoint: EndpointRecord) => toEndpoint(endpoint, context.clock());
    const changed = await changeAudited(context, req, id, { find: findEndpoint, change: prepare(req), show });
    if (!changed) throw endpointNotFound();
    res.json(show(changed));
  };

/** What a name leads to is looked at when a webhook is sent, and each time again. */
const checkUrl = ({ config }: Pick<Context, 'config'>, url: string): void => {
  const detail = faultInWebhookUrl(url, { allowLoopback: config.WEBHOOK_ALLOW_LOOPBACK });
  if (detail === undefined) return;
  throw new RequestProblem('invalid-request', 'see "errors" for each field', { errors: [{ pointer: '/url', detail }] });
};
