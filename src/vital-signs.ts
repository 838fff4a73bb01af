import type { Now } from './domain/instant.ts';
import type { Store } from './domain/ports.ts';

/** A grade that has been due for longer than this is a reason to look. */
const OLDEST_DUE_MS = 15 * 60_000;

/** What monitoring is told: readiness, and figures as Prometheus text. No personal data. */
export function createVitalSigns(store: Store, now: Now) {
  async function ready(): Promise<{ ok: boolean; problems: readonly string[] }> {
    try {
      await store.ping();
      const age = await oldestAge();
      return age > OLDEST_DUE_MS ? { ok: false, problems: ['passback-late'] } : { ok: true, problems: [] };
    } catch {
      return { ok: false, problems: ['storage-unreachable'] };
    }
  }

  async function metrics(): Promise<string> {
    const counts = await Promise.all(
      (['pending', 'parked', 'delivered'] as const).map(
        async (status) => [status, (await store.cells({ status })).length] as const,
      ),
    );
    const memory = process.memoryUsage();
    return [
      '# HELP shsm_gradebook_cells Gradebook cells by delivery status.',
      '# TYPE shsm_gradebook_cells gauge',
      ...counts.map(([status, count]) => `shsm_gradebook_cells{status="${status}"} ${count}`),
      '# HELP shsm_gradebook_oldest_due_seconds Age of the delivery that has been due the longest.',
      '# TYPE shsm_gradebook_oldest_due_seconds gauge',
      `shsm_gradebook_oldest_due_seconds ${Math.round((await oldestAge()) / 1000)}`,
      '# HELP process_resident_memory_bytes Resident memory size in bytes.',
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${memory.rss}`,
      '# HELP process_uptime_seconds Seconds since the start.',
      '# TYPE process_uptime_seconds gauge',
      `process_uptime_seconds ${Math.round(process.uptime())}`,
      '',
    ].join('\n');
  }

  async function oldestAge(): Promise<number> {
    const oldest = await store.oldestDue(now());
    return oldest === null ? 0 : now() - oldest;
  }

  return { ready, metrics };
}
