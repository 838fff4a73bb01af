import { z } from 'zod';
import type { DeliveryFigures, GradebookStore } from '../../domain/ports/gradebook-store.ts';
import type { Connection } from './connection.ts';
import { word } from './json-columns.ts';

/** Figures for monitoring, which asks often: counts from the index alone, and only what is pending is looked at closer. */
export function deliveryFigures({ query }: Connection): GradebookStore['deliveryFigures'] {
  const counts = query(
    'SELECT platform_id, status, count(*) AS count FROM gradebook_cells GROUP BY status, platform_id',
    z.object({
      platformId: z.string(),
      status: word<'pending' | 'parked' | 'delivered'>(),
      count: z.number(),
    }),
  );
  const pending = query(
    `SELECT platform_id, sum(attempts) AS attempts,
       min(iif(next_attempt_at <= :now, next_attempt_at, NULL)) AS oldest_due
     FROM gradebook_cells WHERE status = 'pending' GROUP BY platform_id`,
    z.object({ platformId: z.string(), attempts: z.number(), oldestDue: z.number().nullable() }),
  );

  return async (now) => {
    const figures = new Map<string, DeliveryFigures>();
    const of = (platformId: string) => figures.get(platformId) ?? { platformId, ...NOTHING };
    for (const { platformId, status, count } of counts.all())
      figures.set(platformId, { ...of(platformId), [status]: count });
    for (const { platformId, attempts, oldestDue } of pending.all({ now }))
      figures.set(platformId, { ...of(platformId), attempts, oldestDue });
    return [...figures.values()].sort((a, b) => (a.platformId < b.platformId ? -1 : 1));
  };
}

const NOTHING = { pending: 0, parked: 0, delivered: 0, attempts: 0, oldestDue: null } as const;
