import { z } from 'zod';
import type { Evidence } from '../../domain/submission.ts';
import { RECORD_KEYS, type RecordKind, type StoredRecord, type Transfer } from '../../domain/transfer.ts';
import { connect } from './connection.ts';
import { migrate } from './migrate.ts';
import { openProblem } from './open-problem.ts';

/** What this store keeps for itself. */
const OWN = { _id: 0, claimId: 0 } as const;

const evidenceRecord = z.object({
  id: z.string(),
  submissionId: z.string(),
  fileName: z.string(),
  mediaType: z.string(),
  size: z.number(),
  sha256: z.string(),
  createdAt: z.number(),
  bytes: z.instanceof(Uint8Array),
}) satisfies z.ZodType<Evidence>;

/** Opens the database as `openMongoStore` does, then gives it out and takes it in as a whole. */
export async function openMongoTransfer({ url }: { readonly url: string }): Promise<Transfer> {
  try {
    const database = await connect(url);
    await migrate(database.connection);
    return transferOf(database);
  } catch (error) {
    throw openProblem(url, error);
  }
}

function transferOf({ connection, files }: Awaited<ReturnType<typeof connect>>): Transfer {
  const collection = (kind: RecordKind) => connection.collection(kind);

  async function* evidence(): AsyncIterable<StoredRecord> {
    for await (const { metadata } of files.collection.find({ 'metadata.id': { $exists: true } })) {
      if (metadata !== undefined) yield { ...metadata, bytes: await files.bytes(metadata.id) };
    }
  }

  async function addEvidence(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) {
      const { bytes, ...meta } = evidenceRecord.parse(record);
      if ((await files.meta(meta.id)) === null)
        await files.adopt([{ fileId: await files.upload(bytes), meta }]);
    }
  }

  return {
    records: (kind) =>
      kind === 'evidence' ? evidence() : collection(kind).find({}, { projection: OWN }).sort({ _id: 1 }),
    addRecords: async (kind, records) => {
      if (kind === 'evidence') return addEvidence(records);
      if (records.length === 0) return;
      await collection(kind).bulkWrite(
        records.map((record) => ({
          updateOne: {
            filter: Object.fromEntries(RECORD_KEYS[kind].map((field) => [field, record[field]])),
            update: { $setOnInsert: record },
            upsert: true,
          },
        })),
      );
    },
    close: () => connection.close(),
  };
}
