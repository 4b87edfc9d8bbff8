import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Of localhost (not of 127.0.0.1), signed by itself, good until 2126; for tests alone. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUQ7/3ei1SqIfqcuXNzK7G+O4QkfEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzIyMTEwMVoYDzIxMjYxMTAz
MjIxMTAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARjfVGgSVot0DWr1Cw5cboXC9NA0FT/tzCmUYh54c7FEIleHXKpnpym
O6xt5+OsRkUNN6akzCUZucJYgtwm2YQgo2kwZzAdBgNVHQ4EFgQU7Gddq7MhJclG
WgmjkNmDCle8hr4wHwYDVR0jBBgwFoAU7Gddq7MhJclGWgmjkNmDCle8hr4wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhAKNoaf1/yGddrQMPsd9zv/CAGiLAA31MaYwXm7tzkzUZAiAP6rpq30LN
GY3/6BJckwAwMD7spOQTeZUfNVvQyO8Mow==
-----END CERTIFICATE-----`;
const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdlITxsC6LTQCSOEU
p5pubj10VBhtRFPKlq/tdkEnftahRANCAARjfVGgSVot0DWr1Cw5cboXC9NA0FT/
tzCmUYh54c7FEIleHXKpnpymO6xt5+OsRkUNN6akzCUZucJYgtwm2YQg
-----END PRIVATE KEY-----`;

export interface TlsServer extends AsyncDisposable {
  port: number;
}

/** PostgreSQL's SSLRequest, which comes in plaintext before TLS begins: 8 bytes, and "S" says yes. */
const SSL_REQUEST_BYTES = 8;

/** A server that speaks TLS, with `certificate`, in front of one that does not. */
export const tlsInFront = async (port: number, { postgres = false } = {}): Promise<TlsServer> => {
  const sockets = new Set<Socket>();
  const serve = async (plain: Socket): Promise<void> => {
    const behind = connect(port, '127.0.0.1');
    for (const socket of [plain, behind]) {
      sockets.add(socket);
      socket.on('error', () => plain.destroy()).on('close', () => behind.destroy());
    }
    if (postgres) {
      await once(plain, 'readable');
      plain.read(SSL_REQUEST_BYTES);
      plain.write('S');
    }
    const secure = new TLSSocket(plain, { isServer: true, cert: certificate, key: privateKey });
    secure.on('error', () => plain.destroy());
    secure.pipe(behind).pipe(secure);
  };
  const server = createServer((plain) => void serve(plain));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
