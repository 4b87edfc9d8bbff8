import { ObjectMissing, SignedUrlExpired, SignedUrlInvalid } from '@invoicepress/storage';
import type { RequestHandler } from 'express';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';

/** `GET /files/…`: where pre-signed URLs of a storage folder lead; with S3 there is no such route. */
export const serveFile =
  ({ storage }: Pick<Context, 'storage'>): RequestHandler =>
  async (req, res) => {
    if (!storage.openSigned)
      throw new RequestProblem(
        'not-found',
        'documents are fetched from the object store, by the URL of GET …/documents/{format}',
      );
    try {
      const object = await storage.openSigned(req.originalUrl);
      res.setHeaders(new Headers(object.headers)); // as they are: Express would give JSON a charset
      await pipeline(object.stream(), res);
    } catch (error) {
      if (error instanceof SignedUrlExpired)
        throw new RequestProblem(
          'invalid-link',
          'the link has expired; ask for a fresh one with GET …/documents/{format}',
        );
      if (error instanceof SignedUrlInvalid)
        throw new RequestProblem(
          'invalid-link',
          'the link is not one of ours, or was changed; ask for one with GET …/documents/{format}',
        );
      if (error instanceof ObjectMissing) throw new RequestProblem('not-found', 'there is no such document');
      if (res.headersSent) res.destroy(); // the reader went away, or the disk failed midway
      else throw error;
    }
  };
