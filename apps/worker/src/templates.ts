import { findPinnedBundle, withTenant, type Database } from '@invoicepress/database';
import {
  RenderRefused,
  type RenderedDocument,
  type RenderOrder,
  type TemplateBundle,
  type TemplatePool,
} from '@invoicepress/renderers';
import type { Config } from './config.ts';

/** As many invoices with templates of their own are in hand as may be; the others leave room for everybody else's. */
export class TemplatesBusy extends Error {
  override readonly name = 'TemplatesBusy';
}

export interface Templates {
  /**
   * Renders an invoice, as JSON, with the template that it is pinned to, such as "letterhead@3".
   * @throws {RenderRefused} and what else the pool throws  @throws {TemplatesBusy} try again later
   */
  render(order: RenderOrder, signal?: AbortSignal): Promise<RenderedDocument[]>;
}

/** Unpacked templates that are kept, in bytes. */
const MAX_CACHE_BYTES = 64 * 2 ** 20;
/** One part in so many of the invoices in hand may be typeset by uploaded templates, however long these take. */
const SHARE = 2;

export const createTemplates = (
  { WORKER_CONCURRENCY }: Pick<Config, 'WORKER_CONCURRENCY'>,
  { database, pool }: { database: Database; pool: TemplatePool },
): Templates => {
  const known = keptBundles();
  const load = async (tenantId: string, template: string): Promise<TemplateBundle> => {
    const key = `${tenantId} ${template}`;
    const kept = known.get(key);
    if (kept) return kept;
    const found = await withTenant(database, tenantId, (tx) => findPinnedBundle(tx, template));
    if (!found)
      throw new RenderRefused(
        `There is no template ${template}.`,
        'Submit the invoice again under a new number, and name a template that there is.',
      );
    const bundle = { tenantId, ...found };
    known.add(key, bundle);
    return bundle;
  };
  const most = Math.max(1, Math.floor(WORKER_CONCURRENCY / SHARE));
  return {
    async render({ tenantId, template, ...order }, signal) {
      if (pool.inHand() >= most) throw new TemplatesBusy('the renderers of templates are busy');
      const bundle = await load(tenantId, template);
      return (await pool.render(bundle, order, signal)).documents;
    },
  };
};

/** A version never changes, so what was read once need not be read again; the one unused for longest goes first. */
const keptBundles = () => {
  const kept = new Map<string, { bundle: TemplateBundle; bytes: number }>();
  let total = 0;
  return {
    get(key: string): TemplateBundle | undefined {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found?.bundle;
    },
    add(key: string, bundle: TemplateBundle): void {
      const bytes = bundle.files.reduce((sum, { content }) => sum + content.byteLength, 0);
      total += bytes - (kept.get(key)?.bytes ?? 0);
      kept.delete(key);
      kept.set(key, { bundle, bytes });
      for (const [oldest, entry] of kept) {
        if (total <= MAX_CACHE_BYTES) break;
        kept.delete(oldest);
        total -= entry.bytes;
      }
    },
  };
};
