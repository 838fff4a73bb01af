import type { TurnStore } from '../../domain/ports/turn-store.ts';
import type { Connection } from './connection.ts';

export function turnStore({ command }: Connection): TurnStore {
  const take = command(
    `INSERT INTO turns (job, owner, until) VALUES (:job, :owner, :until)
     ON CONFLICT (job) DO UPDATE SET owner = excluded.owner, until = excluded.until
     WHERE owner = excluded.owner OR until <= :now`,
  );
  return {
    takeTurn: async (job, owner, now, until) => take({ job, owner, now, until }) === 1,
  };
}
