import { finished } from 'node:stream/promises';
import { type ClientSession, type Connection, mongo } from 'mongoose';
import { AppError } from '../../domain/errors.ts';
import type { Evidence } from '../../domain/submission.ts';

/**
 * The bytes of evidence, in GridFS. GridFS cannot take part in a transaction, so bytes are stored first, known to nobody;
 * the transaction then writes the evidence's record onto the stored file, and only from then on does it exist.
 */
export type EvidenceFiles = {
  readonly upload: (bytes: Uint8Array) => Promise<mongo.ObjectId>;
  /** Makes uploaded bytes the evidence `meta`; meant to be called inside the transaction of the submission. */
  readonly adopt: (fileId: mongo.ObjectId, meta: Evidence, session?: ClientSession) => Promise<void>;
  readonly discard: (fileId: mongo.ObjectId) => Promise<void>;
  /** Deletes bytes that are older than `ageMs` and were never adopted: their process ended in between. */
  readonly discardAbandoned: (ageMs: number) => Promise<void>;
  readonly meta: (id: string) => Promise<Evidence | null>;
  readonly bytes: (id: string) => Promise<Uint8Array | null>;
  readonly idsBySha256: (sha256: string) => Promise<string[]>;
  /** The GridFS file records, for the store's own housekeeping. */
  readonly collection: mongo.Collection<StoredFile>;
};

export type StoredFile = mongo.GridFSFile & { readonly metadata?: Evidence };

export const EVIDENCE_BUCKET = 'evidence';

export function evidenceFiles(connection: Connection): EvidenceFiles {
  const { db } = connection;
  if (db === undefined) throw new Error('not connected');
  // The transaction that adopts the bytes comes after them in the oplog: once a majority has it, a majority has them. So
  // they need not wait for one themselves.
  const bucket = new mongo.GridFSBucket(db, {
    bucketName: EVIDENCE_BUCKET,
    writeConcern: { w: 1, journal: false },
  });
  const collection = db.collection<StoredFile>(`${EVIDENCE_BUCKET}.files`);
  const find = (id: string) => collection.findOne({ 'metadata.id': id });

  return {
    collection,
    upload: async (bytes) => {
      const stream = bucket.openUploadStream('');
      stream.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      await finished(stream);
      return stream.id;
    },
    adopt: async (fileId, meta, session) => {
      const { matchedCount } = await collection.updateOne(
        { _id: fileId },
        { $set: { metadata: meta } },
        session === undefined ? {} : { session },
      );
      // A primary that went away took them along: nothing is said to be stored that is not.
      if (matchedCount === 0) throw new AppError('unavailable', 'errors.unavailable');
    },
    discard: (fileId) => bucket.delete(fileId),
    discardAbandoned: async (ageMs) => {
      const abandoned = collection.find({
        'metadata.id': { $exists: false },
        $expr: { $lt: ['$uploadDate', { $subtract: ['$$NOW', ageMs] }] },
      });
      for await (const { _id } of abandoned) await bucket.delete(_id);
    },
    meta: async (id) => (await find(id))?.metadata ?? null,
    bytes: async (id) => {
      const file = await find(id);
      if (file === null) return null;
      const chunks: Buffer[] = [];
      for await (const chunk of bucket.openDownloadStream(file._id)) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    },
    idsBySha256: async (sha256) => {
      const found = await collection.find({ 'metadata.sha256': sha256 }).toArray();
      return found.flatMap((file) => (file.metadata === undefined ? [] : [file.metadata.id]));
    },
  };
}
