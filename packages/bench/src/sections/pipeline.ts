/** The whole pipeline against nothing but rendering, on the same cores, in turns. */
import { startRedis } from '@invoicepress/stack/services/redis';
import { startBareLoop, type BareLoop } from '../bare-loop.ts';
import { onStack, WORKERS } from '../bench-stack.ts';
import type { Figure, Section, SectionContext } from '../figures.ts';
import { issue, someDrafts } from '../invoices.ts';
import { runThroughPipeline } from '../pipeline.ts';
import { median } from '../statistics.ts';
import type { Client } from '@invoicepress/client';

const sizes = {
  full: { rounds: 5, invoices: 1_000, batch: 100 },
  quick: { rounds: 1, invoices: 24, batch: 8 },
};

export const pipelineEmbedded: Section = {
  name: 'pipeline-embedded',
  title: 'Pipeline, embedded: queue on PostgreSQL, files in a folder',
  run: (context) => measure(context, {}, 0.6),
};

export const pipelineRedis: Section = {
  name: 'pipeline-redis',
  title: 'Pipeline, Redis: the same with its queue on Redis',
  run: async (context) => {
    await using redis = await startRedis();
    return await measure(context, { QUEUE_URL: redis.url }, 0.7);
  },
};

const measure = async (context: SectionContext, environment: Record<string, string>, target: number): Promise<Figure[]> => {
  const size = context.quick ? sizes.quick : sizes.full;
  await using bare = startBareLoop(WORKERS);
  return await onStack({ environment, profileDir: context.profileDir }, async (client) => {
    await runRound({ client, bare }, 'WARM', { ...size, invoices: size.batch });
    const rounds: Round[] = [];
    for (let number = 1; number <= size.rounds; number++) {
      const round = await runRound({ client, bare }, `R${number}`, size);
      rounds.push(round);
      context.say(`round ${number} of ${size.rounds}: bare loop ${round.bare.toFixed(1)}/s, pipeline ${round.pipeline.toFixed(1)}/s`);
    }
    return figuresOf(rounds, target);
  });
};

interface Round {
  /** Invoices per second. */
  bare: number;
  pipeline: number;
}

const runRound = async (
  { client, bare }: { client: Client; bare: BareLoop },
  prefix: string,
  { invoices, batch }: { invoices: number; batch: number },
): Promise<Round> => {
  const drafts = someDrafts(prefix, invoices);
  const alone = await bare.render(drafts.map(issue));
  const piped = await runThroughPipeline(client, drafts, batch);
  const [first] = piped.invoices;
  if (first?.documents[0]?.sha256 !== alone.replies[0]?.sha256) {
    throw new Error('pipeline and bare loop made different documents of the same invoice: they cannot be compared');
  }
  return { bare: invoices / alone.seconds, pipeline: invoices / piped.seconds };
};

const figuresOf = (rounds: Round[], target: number): Figure[] => {
  const over = (name: string, unit: string, of: (round: Round) => number): Figure => {
    const values = rounds.map(of);
    return { name, value: median(values), unit, rounds: values };
  };
  return [
    over(`bare loop, ${WORKERS} processes`, '/s', ({ bare }) => bare),
    over('submitted over HTTP and ready in storage', '/s', ({ pipeline }) => pipeline),
    { ...over('pipeline against bare loop', '×', ({ pipeline, bare }) => pipeline / bare), target: { atLeast: target } },
  ];
};
