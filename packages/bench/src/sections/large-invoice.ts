/** The largest invoice that is accepted, and one line more. */
import { MAX_LINES, ProblemError, type Client } from '@invoicepress/client';
import { startBareLoop } from '../bare-loop.ts';
import { onStack } from '../bench-stack.ts';
import type { Figure, Section } from '../figures.ts';
import { aDraft, issue } from '../invoices.ts';
import { untilReady } from '../pipeline.ts';

/** The worker's defaults: RENDER_TIMEOUT_MS and RENDERER_MAX_MB. It kills a renderer that reaches either. */
const TIMEOUT_S = 30;
const LIMIT_MB = 2_048;
const MEGABYTE = 2 ** 20;

export const largeInvoice: Section = {
  name: 'large-invoice',
  title: `Invoices of ${MAX_LINES.toLocaleString('en')} lines, and of one more`,
  run: async ({ profileDir, say }) => {
    const draft = aDraft('LARGE-1', 1, MAX_LINES);
    say('rendering it alone …');
    const alone = await renderAlone(draft);
    say('sending it through the pipeline …');
    return await onStack({ profileDir }, async (client) => {
      const { id } = await client.submitInvoice(draft);
      const [invoice] = await untilReady(client, [id]);
      const seconds = (Date.parse(invoice?.readyAt ?? '') - Date.parse(invoice?.createdAt ?? '')) / 1_000;
      return [
        { name: 'pages', value: alone.pages, unit: '' },
        { name: 'rendered alone in a fresh process', value: alone.seconds, unit: 's', target: { atMost: TIMEOUT_S } },
        {
          name: 'peak memory of that process',
          value: alone.peakBytes / MEGABYTE,
          unit: 'MB',
          target: { atMost: LIMIT_MB },
        },
        {
          name: "status under the worker's default limits",
          value: invoice?.status ?? 'unknown',
          unit: '',
          target: { exactly: 'ready' },
        },
        { name: 'from accepted to ready', value: seconds, unit: 's' },
        ...(await refusal(client)),
      ];
    });
  },
};

const renderAlone = async (draft: ReturnType<typeof aDraft>) => {
  await using bare = startBareLoop(1);
  const { replies } = await bare.render([issue(draft)]);
  const [reply] = replies;
  if (!reply) throw new Error('the renderer gave no answer');
  return reply;
};

const refusal = async (client: Client): Promise<Figure[]> => {
  const name = `answer to ${(MAX_LINES + 1).toLocaleString('en')} lines`;
  try {
    const { id } = await client.submitInvoice(aDraft('LARGE-2', 2, MAX_LINES + 1));
    return [{ name, value: `accepted as ${id}`, unit: '', target: { exactly: '422' } }];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { status, title, errors = [] } = error.problem;
    return [
      { name, value: String(status), unit: '', target: { exactly: '422' } },
      {
        name: 'its reason',
        value: [title, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)].join(': '),
        unit: '',
      },
    ];
  }
};
