/** API processes and a worker, restarted one after another under load, as a release does it behind a gateway. */
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAdmin } from '../src/admin-command.ts';
import { startProgram, type Program } from '../src/programs.ts';
import { freePort, temporaryFolder } from '../src/services/daemon.ts';
import type { TestDatabase } from '../src/testing/index.ts';

/** An API process, as the gateway sees it: what it is asked now it finishes before it is stopped. */
interface Member {
  url: string;
  program: Program;
  pending: Set<Promise<unknown>>;
}

export interface Fleet extends AsyncDisposable {
  /** Begins to submit, and to fetch a document that is ready, `clients` times at once; nothing is tried twice. */
  load(clients: number): void;
  /** Until so many more rounds of the load have succeeded. @throws at the first answer that is none of success */
  goOn(rounds: number): Promise<void>;
  /** Ends the load, and waits until every invoice that was accepted is ready. */
  finish(): Promise<void>;
  /** Replaces process after process by one with these settings. */
  rollOut(settings: Record<string, string>): Promise<void>;
}

/** Where clients believe the API to be: nothing listens there, and each request goes to a member instead. */
const gatewayUrl = 'http://127.0.0.1:1';

const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** @param settings where queue and storage are; the database is `postgres` */
export const aFleet = async (
  postgres: TestDatabase,
  { apis, settings }: { apis: number; settings: Record<string, string> },
): Promise<Fleet> => {
  await using parts = new AsyncDisposableStack();
  const { path: logDir } = parts.use(await temporaryFolder('fleet'));
  const signing = {
    PUBLIC_URL: gatewayUrl,
    JWT_PRIVATE_KEY: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  };
  const common = { WEBHOOK_SEALING_KEY: randomBytes(32).toString('base64'), STORAGE_TIMEOUT_MS: '60000' };
  const api = {
    ...signing,
    PROOF_PRIVATE_KEY: pem(generateKeyPairSync('ed25519').privateKey),
    DATABASE_URL: postgres.urls.api,
    RATE_LIMIT_PER_MINUTE: '1000000',
  };
  // What was lost on its way to the queue shows: no sweeper looks after it.
  const worker = {
    DATABASE_URL: postgres.urls.worker,
    SWEEPER_DATABASE_URL: postgres.urls.sweeper,
    SWEEP_OVERDUE_MS: '3600000',
    RENDERER_POOL_SIZE: '1',
    LEASE_MS: '8000',
  };
  const programs = parts.use(new AsyncDisposableStack());
  let started = 0;
  const start = async (name: 'api' | 'worker', env: Record<string, string>, readyUrl: string): Promise<Program> => {
    const program = programs.use(
      startProgram({
        name: `${name}-${(started += 1)}`,
        file: `apps/${name}/src/main.ts`,
        logDir,
        readyUrl,
        env: { ...common, ...env },
      }),
    );
    await program.ready;
    return program;
  };
  const startApi = async (places: Record<string, string>): Promise<Member> => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const program = await start('api', { ...api, ...places, PORT: port, METRICS_PORT: '0' }, `${url}/readyz`);
    return { url, program, pending: new Set() };
  };
  const startWorker = async (places: Record<string, string>): Promise<Program> => {
    const port = String(await freePort());
    return start('worker', { ...worker, ...places, METRICS_PORT: port }, `http://127.0.0.1:${port}/readyz`);
  };

  const admin = { ...signing, ADMIN_DATABASE_URL: postgres.urls.migrator };
  const [members, workers] = await Promise.all([
    Promise.all(Array.from({ length: apis }, () => startApi(settings))),
    startWorker(settings).then((program) => [program]),
    runAdmin(['create-tenant', '--slug', 'fleet', '--name', 'Fleet'], admin),
  ]);
  const created = JSON.parse(await runAdmin(['create-client', '--tenant', 'fleet', '--name', 'shop'], admin)) as {
    clientId: string;
    clientSecret: string;
  };

  let turn = 0;
  const send = async (expected: number, path: string, init: RequestInit = {}): Promise<string> => {
    const member = members[(turn += 1) % members.length];
    assert.ok(member);
    const answer = fetch(member.url + path, init).then(async (response) => {
      const text = await response.text();
      assert.equal(response.status, expected, `${init.method ?? 'GET'} ${path} at ${member.program.name}: ${text}`);
      return text;
    });
    member.pending.add(answer);
    return answer.finally(() => member.pending.delete(answer));
  };
  const ask = async (...request: Parameters<typeof send>) =>
    JSON.parse(await send(...request)) as Record<string, string>;
  const { access_token: token } = await ask(200, '/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: created.clientId,
      client_secret: created.clientSecret,
    }),
  });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const accepted: string[] = [];
  const submit = async (): Promise<string> => {
    const { id = '' } = await ask(202, '/v1/invoices', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(aDraft({ number: randomUUID() })),
    });
    accepted.push(id);
    return id;
  };
  const untilReady = async (id: string): Promise<void> => {
    for (let waited = 0; waited < 1_200; waited += 1, await sleep(100)) {
      const { status, ...rest } = await ask(200, `/v1/invoices/${id}`, { headers });
      if (status === 'ready') return;
      assert.notEqual(status, 'failed', JSON.stringify(rest));
    }
    assert.fail(`${id} did not become ready`);
  };
  const fetchDocument = async (id: string): Promise<void> => {
    const { url = '' } = await ask(200, `/v1/invoices/${id}/documents/pdf`, { headers });
    const response = await fetch(url);
    const text = await response.text();
    assert.equal(response.status, 200, `a document: ${text}`);
  };

  const first = await submit();
  await untilReady(first);
  const done = { rounds: 0 };
  const failures: unknown[] = [];
  const stop = new AbortController();
  const working: Promise<void>[] = [];
  const work = async (): Promise<void> => {
    for (; !stop.signal.aborted; done.rounds += 1) {
      await submit();
      await fetchDocument(first);
    }
  };
  const owned = parts.move();
  const fleet: Fleet = {
    load: (clients) =>
      void working.push(...Array.from({ length: clients }, () => work().catch((error) => void failures.push(error)))),
    goOn: async (more) => {
      const wanted = done.rounds + more;
      while (done.rounds < wanted && failures.length === 0) await sleep(20);
      if (failures.length > 0) throw failures[0];
    },
    finish: async () => {
      stop.abort();
      await Promise.all(working);
      assert.deepEqual(failures, []);
      for (const id of accepted) await untilReady(id);
    },
    rollOut: async (places) => {
      for (const [i, old] of members.entries()) {
        members[i] = await startApi(places); // from here on the old one is asked nothing
        await Promise.allSettled(old.pending);
        await old.program[Symbol.asyncDispose]();
      }
      for (const [i, old] of workers.entries()) {
        workers[i] = await startWorker(places);
        await old[Symbol.asyncDispose]();
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(working);
      await owned.disposeAsync();
    },
  };
  return fleet;
};
