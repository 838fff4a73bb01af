import type { Instant } from '../../domain/instant.ts';
import type { DeliveryFigures } from '../../domain/ports/gradebook-store.ts';
import { BY_DUE } from './migrate.ts';
import type { Models } from './models.ts';

type Count = {
  readonly _id: { readonly platformId: string; readonly status: 'pending' | 'parked' | 'delivered' };
  readonly count: number;
};
type Pending = {
  readonly _id: string;
  readonly attempts: number;
  readonly oldestDue: number | null;
};

/** Figures for monitoring, which asks often: counts from the index alone, and only what is pending is looked at closer. */
export async function deliveryFigures({ gradebookCells }: Models, now: Instant): Promise<DeliveryFigures[]> {
  const [counts, pending] = await Promise.all([
    gradebookCells
      .aggregate<Count>([
        { $match: { status: { $in: ['pending', 'parked', 'delivered'] } } },
        { $group: { _id: { platformId: '$platformId', status: '$status' }, count: { $sum: 1 } } },
      ])
      .hint(BY_DUE),
    gradebookCells.aggregate<Pending>([
      { $match: { status: 'pending' } },
      {
        $group: {
          _id: '$platformId',
          attempts: { $sum: '$attempts' },
          oldestDue: { $min: { $cond: [{ $lte: ['$nextAttemptAt', now] }, '$nextAttemptAt', null] } },
        },
      },
    ]),
  ]);
  const figures = new Map<string, DeliveryFigures>();
  const of = (platformId: string) => figures.get(platformId) ?? { platformId, ...NOTHING };
  for (const { _id, count } of counts)
    figures.set(_id.platformId, { ...of(_id.platformId), [_id.status]: count });
  for (const { _id, attempts, oldestDue } of pending) figures.set(_id, { ...of(_id), attempts, oldestDue });
  return [...figures.values()].sort((a, b) => (a.platformId < b.platformId ? -1 : 1));
}

const NOTHING = { pending: 0, parked: 0, delivered: 0, attempts: 0, oldestDue: null } as const;
