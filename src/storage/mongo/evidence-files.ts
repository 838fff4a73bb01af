import { finished } from 'node:stream/promises';
import { type ClientSession, type Connection, mongo } from 'mongoose';
import { AppError } from '../../domain/errors.ts';
import type { Evidence } from '../../domain/submission.ts';
import { gather } from './gather.ts';

/**
 * The bytes of evidence, in GridFS. GridFS cannot take part in a transaction, so bytes are stored first, known to nobody;
 * the transaction then writes the evidence's record onto the stored file, and only from then on does it exist.
 */
export type EvidenceFiles = {
  readonly upload: (bytes: Uint8Array) => Promise<UploadedFile>;
  /** Makes uploaded bytes the evidence `meta`; meant to be called inside the transaction of their submissions. */
  readonly adopt: (
    files: readonly { readonly fileId: UploadedFile; readonly meta: Evidence }[],
    session?: ClientSession,
  ) => Promise<void>;
  readonly discard: (fileId: UploadedFile) => Promise<void>;
  /** Deletes bytes that are older than `ageMs` and were never adopted: their process ended in between. */
  readonly discardAbandoned: (ageMs: number) => Promise<void>;
  readonly meta: (id: string) => Promise<Evidence | null>;
  readonly bytes: (id: string) => Promise<Uint8Array | null>;
  readonly idsBySha256: (sha256: string) => Promise<string[]>;
  /** The GridFS file records, for the store's own housekeeping. */
  readonly collection: mongo.Collection<StoredFile>;
};

export type UploadedFile = mongo.ObjectId;

export type StoredFile = mongo.GridFSFile & { readonly metadata?: Evidence };

export const EVIDENCE_BUCKET = 'evidence';
/** What GridFS cuts files into (GridFS specification, chunkSizeBytes). */
const CHUNK_BYTES = 255 * 1024;
/** The transaction that adopts the bytes comes after them in the oplog: once a majority has it, a majority has them. */
const NOT_YET_FOR_GOOD = { w: 1, journal: false } as const;

export function evidenceFiles(connection: Connection): EvidenceFiles {
  const { db } = connection;
  if (db === undefined) throw new Error('not connected');
  const bucket = new mongo.GridFSBucket(db, {
    bucketName: EVIDENCE_BUCKET,
    chunkSizeBytes: CHUNK_BYTES,
    writeConcern: NOT_YET_FOR_GOOD,
  });
  const chunks = db.collection(`${EVIDENCE_BUCKET}.chunks`);
  const collection = db.collection<StoredFile>(`${EVIDENCE_BUCKET}.files`);
  const find = (id: string) => collection.findOne({ 'metadata.id': id });

  /** Files of one chunk, as GridFS writes them: those of one moment with one question for all their bytes. */
  const uploadSmall = gather(async (all: readonly Buffer[]) => {
    const files = all.map((bytes) => ({ _id: new mongo.ObjectId(), bytes }));
    const options = { writeConcern: NOT_YET_FOR_GOOD };
    await chunks.insertMany(
      files.map(({ _id, bytes }) => ({ files_id: _id, n: 0, data: bytes })),
      options,
    );
    const uploadDate = new Date();
    await collection.insertMany(
      files.map(({ _id, bytes }) => ({
        _id,
        length: bytes.byteLength,
        chunkSize: CHUNK_BYTES,
        uploadDate,
        filename: '',
      })),
      options,
    );
    return files.map(({ _id }) => _id);
  });

  async function uploadLarge(bytes: Buffer): Promise<UploadedFile> {
    const stream = bucket.openUploadStream('');
    stream.end(bytes);
    await finished(stream);
    return stream.id;
  }

  return {
    collection,
    upload: (bytes) => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const isSmall = buffer.byteLength > 0 && buffer.byteLength <= CHUNK_BYTES;
      return isSmall ? uploadSmall(buffer) : uploadLarge(buffer);
    },
    adopt: async (files, session) => {
      const { matchedCount } = await collection.bulkWrite(
        files.map(({ fileId, meta }) => ({
          updateOne: { filter: { _id: fileId }, update: { $set: { metadata: meta } } },
        })),
        session === undefined ? {} : { session },
      );
      // A primary that went away took them along: nothing is said to be stored that is not.
      if (matchedCount < files.length) throw new AppError('unavailable', 'errors.unavailable');
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
