import { unlessAborted } from '@invoicepress/stack/command';
import { startEmbedded } from '@invoicepress/stack/embedded';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocument } from './document.ts';
import { inspect } from './invariants.ts';
import { judge, type Finding } from './judge.ts';
import { watchMemory } from './memory.ts';
import { randomOf } from './random.ts';
import { makeRequest } from './request.ts';
import { send } from './send.ts';
import { settle } from './site.ts';

export interface RunOptions {
  seed: number;
  requests: number;
  /** Requests under way at a time. */
  concurrency: number;
  workers: number;
  /** Of this number alone. */
  only: number | undefined;
  /** Megabytes that the API may hold at most. */
  maxMb: number;
  onProgress?: (done: number, findings: Finding[]) => void;
  signal?: AbortSignal;
}

export interface Report {
  seed: number;
  requests: number;
  /** How many answers had each status. */
  statuses: Record<string, number>;
  serverErrors: number;
  hangs: number;
  maxMb: number;
  findings: Finding[];
  /** Sentences: rows by half, changes at the other tenant, secrets in logs, memory without bound. */
  faults: string[];
}

/** Findings that are kept whole; the count goes on. */
const MAX_FINDINGS = 200;

/** Starts the service, sends what the seed says, and looks at what came of it. */
export const run = async (options: RunOptions): Promise<Report> => {
  const { seed, requests, concurrency, workers, only, maxMb, onProgress, signal } = options;
  await using parts = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'invoicepress-fuzz-'));
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const stack = parts.use(
    await startEmbedded({
      dataDir,
      workers,
      temporary: true,
      // All come from one client, and limits are not what is looked for.
      environment: {
        RATE_LIMIT_PER_MINUTE: '1000000',
        TOKEN_RATE_LIMIT_PER_MINUTE: '10000',
        TOKEN_TTL_SECONDS: '3600',
      },
      ...(signal && { signal }),
    }),
  );
  const broken = new AbortController();
  stack.broken.catch((error: unknown) => broken.abort(error));
  const over = AbortSignal.any([broken.signal, ...(signal ? [signal] : [])]);
  const { known, tenants } = await unlessAborted(over, settle(stack));
  const document = await readDocument(stack.apiUrl);
  const inspector = parts.use(await inspect(stack.ownerUrl));
  const before = await inspector.belongingsOf(tenants.stranger);
  using memory = watchMemory(stack.programs.find(({ name }) => name === 'api')?.pid);

  const report: Report = {
    seed,
    requests,
    statuses: {},
    serverErrors: 0,
    hangs: 0,
    maxMb: 0,
    findings: [],
    faults: [],
  };
  let next = only ?? 1;
  const last = only ?? requests;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let number = next++; number <= last; number = next++) {
      over.throwIfAborted();
      const request = makeRequest(seed, number, document, known);
      const outcome = await send(request, stack.apiUrl, randomOf(seed, -number));
      const found = judge(request, outcome, [...known.canaries, ...known.secrets]);
      for (const status of outcome.kind === 'answered'
        ? outcome.answers.map((answer) => String(answer.status))
        : [outcome.kind])
        report.statuses[status] = (report.statuses[status] ?? 0) + 1;
      report.serverErrors += found.filter(({ kind }) => kind === 'server-error').length;
      report.hangs += found.filter(({ kind }) => kind === 'hang').length;
      report.findings.push(...found.slice(0, MAX_FINDINGS - report.findings.length));
      onProgress?.(++done, report.findings);
    }
  };
  await unlessAborted(over, Promise.all(Array.from({ length: concurrency }, lane)));

  report.maxMb = memory.maxMb();
  report.faults.push(...(await inspector.faults()));
  if ((await inspector.belongingsOf(tenants.stranger)) !== before)
    report.faults.push("the other tenant's data changed");
  if (report.maxMb > maxMb) report.faults.push(`the API held ${report.maxMb} MB, and may hold ${maxMb}`);
  for (const file of await readdir(stack.logDir)) {
    const log = await readFile(join(stack.logDir, file), 'utf8');
    if (known.secrets.some((secret) => log.includes(secret))) report.faults.push(`${file} of the logs holds a secret`);
  }
  return report;
};
