import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scrub } from './fields.ts';
import type { Metrics } from './metrics.ts';
import { within } from './watch.ts';

const METRICS_DEADLINE_MS = 8_000;
const READY_DEADLINE_MS = 3_000;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 64;

export interface MetricsServer extends AsyncDisposable {
  /** "http://127.0.0.1:9464" */
  url: string;
}

export interface MetricsServerOptions {
  host: string;
  /** 0 takes any that is free. */
  port: number;
  telemetry: { metrics: Pick<Metrics, 'registry' | 'expose'> };
  /** Rejects while the process cannot do its work; /readyz then answers 503. */
  ready?: () => Promise<void>;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

/**
 * The private port: GET /metrics, /healthz (the process runs) and /readyz (it can do its work).
 * @throws Error that names METRICS_PORT and METRICS_HOST when it cannot listen
 */
export const serveMetrics = async ({ host, port, telemetry, ready }: MetricsServerOptions): Promise<MetricsServer> => {
  const { registry, expose } = telemetry.metrics;
  const routes = new Map<string, () => Promise<Answer>>([
    [
      '/metrics',
      shared(async () => ({
        status: 200,
        type: registry.contentType,
        body: await within(expose(), METRICS_DEADLINE_MS),
      })),
    ],
    ['/healthz', () => Promise.resolve(toJson(200, { status: 'ok' }))],
    ['/readyz', shared(() => readiness(ready))],
  ]);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (req, res) => void respond(routes, req, res),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listening(server, host, port);

  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};

const readiness = async (ready: MetricsServerOptions['ready']): Promise<Answer> => {
  try {
    await within(ready?.() ?? Promise.resolve(), READY_DEADLINE_MS);
    return toJson(200, { status: 'ready' });
  } catch (error) {
    return toJson(503, { status: 'unavailable', reason: reasonOf(error) });
  }
};

/** Callers that come while one is being served wait for the same answer, so that a swarm of probes costs one. */
const shared = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let current: Promise<T> | undefined;
  return () =>
    (current ??= work().finally(() => {
      current = undefined;
    }));
};

const respond = async (
  routes: Map<string, () => Promise<Answer>>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> => {
  const answer = await answerTo(routes, req);
  res.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
  res.end(req.method === 'HEAD' ? undefined : answer.body);
};

const answerTo = async (routes: Map<string, () => Promise<Answer>>, req: IncomingMessage): Promise<Answer> => {
  const [path = ''] = (req.url ?? '').split('?', 1);
  const route = routes.get(path);
  if (route === undefined) return toJson(404, { status: 'not found', paths: [...routes.keys()] });
  if (req.method !== 'GET' && req.method !== 'HEAD') return toJson(405, { status: 'only GET is possible here' });
  try {
    return await route();
  } catch (error) {
    return toJson(500, { status: 'failed', reason: reasonOf(error) });
  }
};

const reasonOf = (error: unknown): string => scrub(error instanceof Error ? error.message : String(error));

const toJson = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const remedy =
        cause.code === 'EADDRINUSE'
          ? 'another process has that port; set METRICS_PORT to a free one'
          : 'check METRICS_HOST and METRICS_PORT';
      reject(
        new Error(`cannot serve metrics on ${host}:${port} (${cause.code ?? cause.message}): ${remedy}`, { cause }),
      );
    });
    server.listen(port, host, () => resolve());
  });
