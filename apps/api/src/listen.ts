import type { Express } from 'express';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { followTls, readTls, tlsFiles, type TlsEvents } from './tls.ts';

/** Bounds of a connection, in milliseconds, so that slow clients cannot hold it for ever. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 65_000; // longer than the idle timeout of common load balancers, which must close first
const MAX_REQUESTS_PER_SOCKET = 10_000;

export interface Server extends AsyncDisposable {
  url: string;
}

type ListenSettings = Pick<Config, 'HOST' | 'PORT' | 'SHUTDOWN_SECONDS'> &
  Partial<Pick<Config, 'TLS_CERTIFICATE_FILE' | 'TLS_KEY_FILE'>>;

/**
 * Listens; when disposed, answers what has begun within SHUTDOWN_SECONDS and cuts the rest.
 * @throws {TlsFilesError} the files of the certificate, if there are any, cannot be used
 */
export const listen = async (app: Express, settings: ListenSettings, tlsEvents?: TlsEvents): Promise<Server> => {
  const { HOST, PORT, SHUTDOWN_SECONDS } = settings;
  const bounds = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const files = tlsFiles(settings);
  const secured = files && createTlsServer({ ...bounds, ...readTls(files) });
  const server = secured ?? createServer(bounds);
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  const open = new Set<ServerResponse>();
  let stopping = false;
  server.on('request', (_req, res) => {
    open.add(res);
    res.once('close', () => {
      open.delete(res);
      if (stopping) server.closeIdleConnections();
    });
  });
  server.on('request', app);
  server.listen(PORT, HOST);
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  const following = secured && files && followTls(secured, files, tlsEvents);
  return {
    url: `${secured ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async [Symbol.asyncDispose]() {
      stopping = true;
      following?.[Symbol.dispose]();
      const closed = once(server, 'close');
      // Kept alive, the connection of a request that runs would hold the process long after its answer.
      for (const res of open) res.shouldKeepAlive = false;
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), SHUTDOWN_SECONDS * 1_000);
      await closed;
      clearTimeout(cut);
    },
  };
};
