import { randomBytes, randomUUID } from 'node:crypto';
import { testS3 } from './s3.ts';

export interface S3Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface TestS3User {
  uid: string;
  /** Those that it was made with. */
  keys: S3Keys;
  /** It may have several at a time. */
  addKeys(): Promise<S3Keys>;
  removeKeys(keys: S3Keys): Promise<void>;
}

/** Another user of the S3 server of the test run, by Ceph's administration. It owns nothing and goes with the server. */
export const testS3User = async (name: string): Promise<TestS3User> => {
  const uid = `${name}-${randomUUID().slice(0, 8)}`;
  const keys = someKeys();
  await administer('PUT', { uid, 'display-name': name, ...named(keys) });
  return {
    uid,
    keys,
    addKeys: async () => {
      const further = someKeys();
      await administer('PUT', { key: '', uid, ...named(further) });
      return further;
    },
    removeKeys: ({ accessKeyId }) => administer('DELETE', { key: '', uid, 'access-key': accessKeyId }),
  };
};

const someKeys = (): S3Keys => ({
  accessKeyId: randomBytes(10).toString('hex'),
  secretAccessKey: randomBytes(20).toString('hex'),
});

const named = ({ accessKeyId, secretAccessKey }: S3Keys) => ({
  'access-key': accessKeyId,
  'secret-key': secretAccessKey,
});

/** `/admin/user`, signed as any S3 request is. */
const administer = async (method: 'PUT' | 'DELETE', query: Record<string, string>): Promise<void> => {
  const { endpoint, region, accessKeyId, secretAccessKey } = testS3();
  // Loaded here, for most tests need no user and the SDK takes its time.
  const { DeleteObjectCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  // The middleware of all commands, for the two differ in their types.
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { query: object }).query = query;
      return next(args);
    },
    { step: 'build', name: 'administration' },
  );
  const place = { Bucket: 'admin', Key: 'user' };
  try {
    await (method === 'PUT'
      ? client.send(new PutObjectCommand({ ...place, Body: '', ContentLength: 0 }))
      : client.send(new DeleteObjectCommand(place)));
  } finally {
    client.destroy();
  }
};
