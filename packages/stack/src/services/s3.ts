import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cephConfiguration } from './ceph-configuration.ts';
import { freePort, startDaemon, startWithRetry, temporaryFolder } from './daemon.ts';
import { run } from './debian-archive.ts';
import { debianPackages, debianTools } from './debian.ts';

const startAttempts = 3;

export interface S3 extends AsyncDisposable {
  /** Such as `http://127.0.0.1:7480`; buckets are addressed by path. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A real S3 server on loopback: single-node Ceph (a monitor, one object store in memory, radosgw). It has one user and
 * no buckets, and forgets everything on disposal.
 *
 * @param storageClasses names of classes that it has beside STANDARD; each takes a second
 */
export const startS3 = async ({ storageClasses = [] }: { storageClasses?: string[] } = {}): Promise<S3> => {
  const tools = await debianTools('Ceph', debianPackages.Ceph, 'Set TEST_S3_URL to an S3 server of your own.');
  return startWithRetry(startAttempts, async () => {
    await using started = new AsyncDisposableStack();
    const folder = started.use(await temporaryFolder('s3')).path;
    const [port, monitorPort, clusterId] = [await freePort(), await freePort(), randomUUID()];
    for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(join(folder, name));
    const settings = join(folder, 'ceph.conf');
    await writeFile(settings, cephConfiguration({ folder, clusterId, monitorPort, port, tools }), { mode: 0o600 });

    const env = { ...tools.env, CEPH_CONF: settings };
    const command = (name: string, ...argv: string[]): Promise<string> => run(tools.bin(name), argv, env);
    const daemon = (name: string, ...argv: string[]) =>
      started.use(startDaemon(name, tools.bin(name), ['-f', ...argv], env));

    const [monitorMap, storeMap] = [join(folder, 'monmap'), join(folder, 'osdmap')];
    await command(
      'monmaptool',
      '--create',
      '--fsid',
      clusterId,
      '--addv',
      'a',
      `[v2:127.0.0.1:${monitorPort}]`,
      monitorMap,
    );
    await command('osdmaptool', '--createsimple', '1', storeMap);
    // A first map with one store in it spares the `ceph` command, and with it Python.
    await command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monitorMap, '--osdmap', storeMap);
    daemon('ceph-mon', '-i', 'a');
    await command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', randomUUID());
    daemon('ceph-osd', '-i', '0');
    const accessKeyId = randomBytes(10).toString('hex');
    const secretAccessKey = randomBytes(20).toString('hex');
    const names = [
      '--uid=tests',
      '--display-name=tests',
      `--access-key=${accessKeyId}`,
      `--secret-key=${secretAccessKey}`,
      '--caps=users=*', // tests of policies make users of their own
    ];
    await command('radosgw-admin', 'user', 'create', ...names);
    for (const name of storageClasses) await addStorageClass(name, command);
    const gateway = daemon('radosgw', '-n', 'client.rgw.a');
    const endpoint = `http://127.0.0.1:${port}`;
    await gateway.until(() =>
      fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    const running = started.move();
    return {
      endpoint,
      region: 'us-east-1',
      accessKeyId,
      secretAccessKey,
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  });
};

/** The gateway reads of its classes when it starts; what they belong to is there from the first command on. */
const addStorageClass = async (
  name: string,
  command: (name: string, ...argv: string[]) => Promise<string>,
): Promise<void> => {
  const target = ['placement', 'add', '--placement-id=default-placement', `--storage-class=${name}`];
  await command('radosgw-admin', 'zonegroup', ...target, '--rgw-zonegroup=default');
  await command('radosgw-admin', 'zone', ...target, '--rgw-zone=default', `--data-pool=default.rgw.${name}.data`);
};

/** The server as one value for TEST_S3_URL; the bucket in it is a placeholder, since each test file makes its own. */
export const s3TestUrl = ({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
}: Omit<S3, keyof AsyncDisposable>): string =>
  `s3://${encodeURIComponent(accessKeyId)}:${encodeURIComponent(secretAccessKey)}@bucket?${new URLSearchParams({ region, endpoint, forcePathStyle: 'true' })}`;
