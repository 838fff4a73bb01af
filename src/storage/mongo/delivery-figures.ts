import type { Instant } from '../../domain/instant.ts';
import type { DeliveryFigures } from '../../domain/ports.ts';
import type { Models } from './models.ts';

export function deliveryFigures({ gradebookCells }: Models, now: Instant): Promise<DeliveryFigures[]> {
  const countOf = (status: string) => ({ $sum: { $cond: [{ $eq: ['$status', status] }, 1, 0] } });
  const isPending = { $eq: ['$status', 'pending'] };
  const isDue = { $and: [isPending, { $lte: ['$nextAttemptAt', now] }] };
  return gradebookCells.aggregate<DeliveryFigures>([
    {
      $group: {
        _id: '$platformId',
        pending: countOf('pending'),
        parked: countOf('parked'),
        delivered: countOf('delivered'),
        attempts: { $sum: { $cond: [isPending, '$attempts', 0] } },
        oldestDue: { $min: { $cond: [isDue, '$nextAttemptAt', null] } },
      },
    },
    { $sort: { _id: 1 } },
    { $set: { platformId: '$_id' } },
    { $unset: '_id' },
  ]);
}
