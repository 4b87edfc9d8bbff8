/** The whole pipeline against nothing but rendering, on the same cores, in turns. */
import type { Client } from '@invoicepress/client';
import type { EmbeddedStack } from '@invoicepress/stack/embedded';
import { startRedis } from '@invoicepress/stack/services/redis';
import { startBareLoop, type BareLoop } from '../bare-loop.ts';
import { onStack, RENDERERS } from '../bench-stack.ts';
import { bareLoop, parts, perInvoice, readCpuTimes, type CpuTimes, type Parts } from '../cpu.ts';
import type { Figure, Section, SectionContext } from '../figures.ts';
import { issue, someDrafts } from '../invoices.ts';
import { runThroughPipeline } from '../pipeline.ts';
import { mean, median } from '../statistics.ts';

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

const measure = async (
  context: SectionContext,
  environment: Record<string, string>,
  target: number,
): Promise<Figure[]> => {
  const size = context.quick ? sizes.quick : sizes.full;
  await using bare = startBareLoop(RENDERERS);
  return await onStack({ environment, profileDir: context.profileDir }, async (client, stack) => {
    const course = { client, bare, processes: processesOf(stack, bare) };
    await runRound(course, 'WARM', { ...size, invoices: size.batch });
    const rounds: Round[] = [];
    for (let number = 1; number <= size.rounds; number++) {
      const round = await runRound(course, `R${number}`, size);
      rounds.push(round);
      context.say(
        `round ${number} of ${size.rounds}: bare loop ${round.bare.toFixed(1)}/s, pipeline ${round.pipeline.toFixed(1)}/s`,
      );
    }
    return [...throughput(rounds, target), ...processorTime(rounds)];
  });
};

const processesOf = ({ programs }: EmbeddedStack, bare: BareLoop): Parts => {
  const pidsOf = (kind: string) => programs.filter(({ name }) => name.startsWith(kind)).flatMap(({ pid }) => pid ?? []);
  return { api: pidsOf('api'), workers: pidsOf('worker'), bare: bare.pids };
};

interface Round {
  /** Invoices per second. */
  bare: number;
  pipeline: number;
  cpu: CpuTimes | undefined;
}

const runRound = async (
  { client, bare, processes }: { client: Client; bare: BareLoop; processes: Parts },
  prefix: string,
  { invoices, batch }: { invoices: number; batch: number },
): Promise<Round> => {
  const drafts = someDrafts(prefix, invoices);
  const before = await readCpuTimes(processes);
  const alone = await bare.render(drafts.map(issue));
  const piped = await runThroughPipeline(client, drafts, batch);
  const after = await readCpuTimes(processes);
  const [first] = piped.invoices;
  if (first?.documents[0]?.sha256 !== alone.replies[0]?.sha256) {
    throw new Error('pipeline and bare loop made different documents of the same invoice: they cannot be compared');
  }
  return {
    bare: invoices / alone.seconds,
    pipeline: invoices / piped.seconds,
    cpu: before && after && perInvoice(before, after, invoices),
  };
};

const throughput = (rounds: Round[], target: number): Figure[] => {
  const over = (name: string, unit: string, of: (round: Round) => number): Figure => {
    const values = rounds.map(of);
    return { name, value: median(values), unit, rounds: values };
  };
  return [
    over(`bare loop, ${RENDERERS} processes`, '/s', ({ bare }) => bare),
    over('submitted over HTTP and ready in storage', '/s', ({ pipeline }) => pipeline),
    {
      ...over('pipeline against bare loop', '×', ({ pipeline, bare }) => pipeline / bare),
      target: { atLeast: target },
    },
  ];
};

/** Where the time goes, and what the ratio would be if processor time were all that counts. */
const processorTime = (rounds: Round[]): Figure[] => {
  const times = rounds.flatMap(({ cpu }) => cpu ?? []);
  if (times.length === 0) return [];
  const of = (part: string) => mean(times.map((cpu) => cpu.get(part) ?? 0));
  const total = parts.reduce((sum, part) => sum + of(part), 0);
  return [
    { name: 'processor time per invoice, bare loop', value: of(bareLoop), unit: 'ms' },
    ...parts
      .filter((part) => of(part) > 0)
      .map((part): Figure => ({ name: `  pipeline: ${part}`, value: of(part), unit: 'ms' })),
    { name: 'bare loop against pipeline in processor time', value: of(bareLoop) / total, unit: '×' },
  ];
};
