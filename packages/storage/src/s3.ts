import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Readable } from 'node:stream';
import { contentDisposition } from './disposition.ts';
import { ObjectCorrupt, ObjectMissing, StorageConflict, StorageUnreachable } from './errors.ts';
import { maxObjectBytes, sha256InKey, sha256Of } from './object.ts';
import { classErrorOf, copyOntoItself, notMoved } from './s3-archive.ts';
import { errorCode, errorStatus, storageErrorOf } from './s3-errors.ts';
import { listPage } from './s3-list.ts';
import type { Driver, StorageObject, StoredOrNot } from './storage.ts';
import type { S3Target } from './storage-url.ts';

/** One more try inside the deadline, for a connection that the server closed just then. The queue does the rest. */
const maxAttempts = 2;
const connectionTimeoutMs = 1_000;
/** S3 answers a put that races another with 409 while neither is decided; then it is worth asking again. */
const maxRaceAttempts = 3;

export interface S3Options {
  target: S3Target;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  /** Where clients reach the server, when that differs from the endpoint. */
  publicUrl: string | undefined;
  timeoutMs: number;
  maxSockets: number;
  clock: () => Date;
}

/** Objects in an S3 bucket, put once by `If-None-Match: *`. */
export const s3Driver = ({ target, credentials, publicUrl, timeoutMs, maxSockets, clock }: S3Options): Driver => {
  const { bucket, prefix, endpoint, region } = target;
  const agent = { keepAlive: true, maxSockets };
  const config: S3ClientConfig = {
    ...(endpoint && { endpoint }),
    ...((region ?? endpoint) && { region: region ?? 'us-east-1' }),
    ...(credentials && { credentials }),
    forcePathStyle: target.forcePathStyle,
    maxAttempts,
    // We send a SHA-256 of our own; the SDK's CRC on top costs CPU and is refused by some servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: Math.min(connectionTimeoutMs, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
  const client = new S3Client(config);
  const signingClient = publicUrl ? new S3Client({ ...config, endpoint: publicUrl }) : client;
  const place = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  /** Everything that the SDK throws becomes one of our errors, with its remedy. */
  const ask = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw storageErrorOf(error, { bucket, timeoutMs });
    });

  const putOnce = (object: StorageObject, signal: AbortSignal): Promise<'stored' | 'taken' | 'racing'> =>
    client.send(putCommand(place(object.key), object, target.encryption), { abortSignal: signal }).then(
      () => 'stored',
      (error: unknown) => {
        if (errorStatus(error) === 412) return 'taken';
        if (errorCode(error) === 'ConditionalRequestConflict') return 'racing';
        throw storageErrorOf(error, { bucket, timeoutMs });
      },
    );

  /** Whether the stored object is this one: by the hash that was stored with it, or else by reading it. */
  const isSame = async ({ key, bytes, sha256 }: StorageObject, signal: AbortSignal): Promise<boolean> => {
    const found = await client
      .send(new HeadObjectCommand(place(key)), { abortSignal: signal })
      .catch((error: unknown) => {
        if (errorStatus(error) === 404)
          throw new StorageUnreachable(`${key} is not there after it was stored; try again.`);
        throw storageErrorOf(error, { bucket, timeoutMs });
      });
    if (found.ContentLength !== bytes.byteLength) return false;
    return (found.Metadata?.['sha256'] ?? sha256Of(await read(key, signal))) === sha256;
  };

  const read = async (key: string, signal: AbortSignal): Promise<Uint8Array> =>
    (await readWithClass(key, signal)).bytes;

  const readWithClass = async (key: string, signal: AbortSignal) => {
    const answer = await client
      .send(new GetObjectCommand(place(key)), { abortSignal: signal })
      .catch((error: unknown) => {
        if (errorCode(error) === 'NoSuchKey') throw new ObjectMissing(key);
        throw storageErrorOf(error, { bucket, timeoutMs });
      });
    if (answer.ContentLength === undefined || answer.ContentLength > maxObjectBytes) {
      if (answer.Body instanceof Readable) answer.Body.destroy(); // unread, it would hold its connection
      throw new ObjectCorrupt(key);
    }
    const bytes = await ask(answer.Body ? answer.Body.transformToByteArray() : Promise.resolve(new Uint8Array()));
    return { bytes, storageClass: answer.StorageClass ?? 'STANDARD' };
  };

  return {
    put: async (object, signal): Promise<StoredOrNot> => {
      for (let attempt = 1; attempt <= maxRaceAttempts; attempt += 1) {
        const outcome = await putOnce(object, signal);
        if (outcome === 'racing') continue;
        // Looked at also after a 200: it may come from something in between, and a row must never lack its document.
        const same = await isSame(object, signal);
        if (same) return outcome === 'stored' ? 'stored' : 'already stored';
        throw new StorageConflict(object.key);
      }
      throw new StorageUnreachable(`Others keep writing ${object.key} at this moment; try again shortly.`);
    },
    head: async (key, signal) => {
      try {
        const found = await client.send(new HeadObjectCommand(place(key)), { abortSignal: signal });
        return { sizeBytes: found.ContentLength ?? 0 };
      } catch (error) {
        if (errorStatus(error) === 404) return undefined;
        throw storageErrorOf(error, { bucket, timeoutMs });
      }
    },
    get: async (key, signal) => {
      const bytes = await read(key, signal);
      if (sha256Of(bytes) !== sha256InKey(key)) throw new ObjectCorrupt(key);
      return bytes;
    },
    delete: async (key, signal) => {
      await ask(client.send(new DeleteObjectCommand(place(key)), { abortSignal: signal }));
    },
    list: async ({ prefix: below, after, limit }, signal) => {
      const answer = await ask(
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix + below,
            MaxKeys: limit,
            ...(after !== undefined && { StartAfter: prefix + after }),
          }),
          { abortSignal: signal },
        ),
      );
      return listPage(answer, prefix.length);
    },
    archive: async (key, storageClass, signal) => {
      await client
        .send(copyOntoItself(place(key), storageClass, target.encryption), { abortSignal: signal })
        .catch((error: unknown) => {
          if (errorCode(error) === 'NoSuchKey') throw new ObjectMissing(key);
          if (errorCode(error) === 'InvalidRequest') return; // it may be there already: the answer below tells
          throw classErrorOf(error, storageClass) ?? storageErrorOf(error, { bucket, timeoutMs });
        });
      // Read back, for a link must work: where a class cannot be read at once, the first object tells.
      const moved = await readWithClass(key, signal);
      if (sha256Of(moved.bytes) !== sha256InKey(key)) throw new ObjectCorrupt(key);
      if (moved.storageClass !== storageClass) throw notMoved(key, storageClass, moved.storageClass);
    },
    ready: async (signal) => {
      await ask(client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal }));
    },
    signedUrl: ({ key, fileName, mediaType, disposition, expiresInSeconds }) => {
      const command = new GetObjectCommand({
        ...place(key),
        ResponseContentType: mediaType,
        ResponseContentDisposition: contentDisposition(disposition, fileName),
      });
      return ask(getSignedUrl(signingClient, command, { expiresIn: expiresInSeconds, signingDate: clock() }));
    },
    close: () => {
      client.destroy();
      signingClient.destroy();
    },
  };
};

const putCommand = (
  place: { Bucket: string; Key: string },
  { bytes, mediaType, sha256 }: StorageObject,
  encryption: S3Target['encryption'],
): PutObjectCommand => {
  const input: PutObjectCommandInput = {
    ...place,
    IfNoneMatch: '*',
    // A Buffer, since a stream would be sent in chunks with a trailer, which not every server takes.
    Body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ContentLength: bytes.byteLength,
    ContentType: mediaType,
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    Metadata: { sha256 },
    ...(encryption && { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.algorithm === 'aws:kms' && encryption.keyId && { SSEKMSKeyId: encryption.keyId }),
  };
  const command = new PutObjectCommand(input);
  // The signature covers the body by its SHA-256, which we know: the SDK need not hash it again, and a server that
  // ignores checksum headers still refuses a body that was damaged on the way.
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'knownContentHash' },
  );
  return command;
};
