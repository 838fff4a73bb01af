import { openTransfer } from '../src/open-transfer.ts';
import { aCell, aDeployment, anActivity, aPlatform } from '../test/support/build.ts';
import type { Place } from './places.ts';

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const AT_ONCE = 1_000;

/**
 * Writes scores that wait for their LMSs, as `migrate` writes records: every platform has one activity whose column is
 * known, and `each` students in it.
 */
export async function addPendingScores(
  place: Place,
  platformsUrl: string,
  numbers: readonly number[],
  each: number,
): Promise<void> {
  const transfer = await openTransfer(place.database);
  const now = Date.now();
  const ids = numbers.map((number) => `platform-${number}`);
  const address = (number: number, service: string) => `${platformsUrl}/p/${number}/${service}`;
  await transfer.addRecords(
    'platforms',
    numbers.map((number) =>
      aPlatform({
        id: `platform-${number}`,
        issuer: address(number, ''),
        tokenUrl: address(number, 'token'),
        createdAt: now,
      }),
    ),
  );
  await transfer.addRecords(
    'deployments',
    ids.map((platformId) => aDeployment({ platformId })),
  );
  await transfer.addRecords(
    'activities',
    numbers.map((number) =>
      anActivity({
        id: `activity-${number}`,
        platformId: `platform-${number}`,
        lineItemsUrl: address(number, 'columns'),
        lineItemUrl: address(number, 'column'),
        scopes: ['score', 'lineitem.readonly', 'result.readonly'].map((name) => `${AGS}/${name}`),
      }),
    ),
  );
  for (const number of numbers)
    for (let from = 0; from < each; from += AT_ONCE)
      await transfer.addRecords(
        'gradebook_cells',
        Array.from({ length: Math.min(AT_ONCE, each - from) }, (_, at) => ({
          ...aCell({
            activityId: `activity-${number}`,
            userId: `student-${from + at}`,
            timestamp: now,
            nextAttemptAt: now,
          }),
          platformId: `platform-${number}`,
          leasedVersion: null,
        })),
      );
  await transfer.close();
}
