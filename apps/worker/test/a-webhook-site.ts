import {
  createEndpoint,
  createSealing,
  databaseSettings,
  findDelivery,
  listDeliveries,
  openDatabase,
  withTenant,
  type DeliveryRecord,
} from '@invoicepress/database';
import { createTelemetry } from '@invoicepress/telemetry';
import { PassThrough } from 'node:stream';
import { readConfig } from '../src/config.ts';
import { startWebhooks, type Webhooks } from '../src/webhooks.ts';
import { parseLines, type LogLine } from './a-worker.ts';
import { aSite, eventually, type Site, type SiteOptions } from './site.ts';

type DeliveryWithLog = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

export interface WebhookSite extends Site {
  /** An endpoint that hears of every accepted invoice. */
  endpoint(url: string): Promise<{ id: string; secret: string }>;
  /** The part of a worker that places events and delivers webhooks; it stops with the site. */
  deliver(environment?: Record<string, string>): Promise<{ webhooks: Webhooks; logged(event: string): LogLine[] }>;
  deliveries(endpointId: string): Promise<DeliveryRecord[]>;
  /** The one delivery of an endpoint, once `condition` holds, with its log. */
  delivery(endpointId: string, condition: (found: DeliveryWithLog) => boolean): Promise<DeliveryWithLog>;
  /** As if the wait until the next attempt were over. */
  makeDue(endpointId: string): Promise<void>;
}

export const aWebhookSite = async (options: SiteOptions = {}): Promise<WebhookSite> => {
  const parts = new AsyncDisposableStack();
  const site = parts.use(await aSite(options));
  const { superuser, tenantId, environment } = site;
  const sealing = createSealing(environment['WEBHOOK_SEALING_KEY']!);
  const open = (url: string) =>
    parts.use(openDatabase(databaseSettings.parse({ DATABASE_URL: url }), { applicationName: 'webhooks' }));
  const database = open(environment['DATABASE_URL']!);
  const sweeperDatabase = open(environment['SWEEPER_DATABASE_URL']!);
  const deliveries: WebhookSite['deliveries'] = async (endpointId) => {
    const page = await withTenant(superuser, tenantId, (tx) => listDeliveries(tx, endpointId, { limit: 200 }));
    return page.deliveries;
  };
  return {
    ...site,
    endpoint: async (url) => {
      const endpoint = { url, description: undefined, eventTypes: ['invoice.accepted'] };
      const created = await withTenant(superuser, tenantId, (tx) => createEndpoint(tx, sealing, endpoint));
      return { id: created!.endpoint.id, secret: created!.secret };
    },
    deliver: async (given = {}) => {
      const config = readConfig({ EVENT_INTERVAL_MS: '20', ...environment, ...given });
      const log = new PassThrough();
      const lines: LogLine[] = [];
      log.on('data', (chunk: Buffer) => lines.push(...parseLines(chunk.toString())));
      const telemetry = createTelemetry({ service: 'worker', level: 'info', destination: log });
      const context = { config, database, sweeperDatabase, telemetry, clock: () => new Date() };
      const webhooks = parts.use(await startWebhooks(context));
      return { webhooks, logged: (event) => lines.filter((line) => line.event === event) };
    },
    deliveries,
    delivery: async (endpointId, condition) => {
      const find = async () => {
        const [delivery] = await deliveries(endpointId);
        return delivery ? withTenant(superuser, tenantId, (tx) => findDelivery(tx, endpointId, delivery.id)) : null;
      };
      await eventually('the delivery has come so far', async () => {
        const found = await find();
        return found !== null && condition(found);
      });
      // Once more: the log is read after its delivery, and may be the younger of the two.
      return (await find())!;
    },
    makeDue: async (endpointId) => {
      await superuser.prisma
        .$executeRaw`UPDATE webhook_delivery SET next_attempt_at = now() WHERE endpoint_id = ${endpointId}::uuid AND status = 'pending'`;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};
