import { createHash } from 'node:crypto';
import { RECORD_KINDS, type RecordKind, type StoredRecord, type Transfer } from '../domain/transfer.ts';

/** How many records of a kind a store holds, and a checksum over all of them that does not depend on their order. */
export type Tally = { readonly count: number; readonly checksum: string };
export type Moved = {
  readonly kind: RecordKind;
  readonly from: Tally;
  readonly to: Tally;
  readonly same: boolean;
};

const AT_ONCE = 100;

/**
 * Copies everything from one store to another, then reads both again and compares. Nothing in the target is replaced, so
 * it may be run again after a break: it goes on where it was.
 */
export async function moveRecords(from: Transfer, to: Transfer): Promise<Moved[]> {
  for (const kind of RECORD_KINDS) {
    let batch: StoredRecord[] = [];
    for await (const record of from.records(kind)) {
      batch.push(record);
      // A file is big: those go one by one.
      if (batch.length < AT_ONCE && kind !== 'evidence') continue;
      await to.addRecords(kind, batch);
      batch = [];
    }
    await to.addRecords(kind, batch);
  }
  const moved: Moved[] = [];
  for (const kind of RECORD_KINDS) {
    const [a, b] = [await tally(from, kind), await tally(to, kind)];
    moved.push({ kind, from: a, to: b, same: a.checksum === b.checksum });
  }
  return moved;
}

async function tally(store: Transfer, kind: RecordKind): Promise<Tally> {
  const digests: string[] = [];
  for await (const record of store.records(kind)) digests.push(sha256(canonical(record)));
  return { count: digests.length, checksum: sha256(digests.sort().join('\n')).slice(0, 16) };
}

/** The same text for the same record, whatever the order of its fields; a null and a missing field are the same. */
function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return sha256(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, held]) => held !== null && held !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`)
    .join(',')}}`;
}

function sha256(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex');
}
