import type { Now } from './domain/instant.ts';
import type { DeliveryFigures } from './domain/ports/gradebook-store.ts';
import type { Store } from './domain/ports/store.ts';

/** A grade that has been due for longer than this is a reason to look. */
const OLDEST_DUE_MS = 15 * 60_000;

/** What monitoring is told: readiness, and figures as Prometheus text. `onHold` names the platforms that the worker leaves alone. No personal data. */
export function createVitalSigns(
  store: Pick<Store, 'ping' | 'oldestDue' | 'deliveryFigures'>,
  now: Now,
  onHold: () => readonly string[] = () => [],
) {
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
    const at = now();
    const figures = await store.deliveryFigures(at);
    const age = (due: number | null) => Math.round((due === null ? 0 : at - due) / 1000);
    const held = new Set(onHold());
    const total = (status: 'pending' | 'parked' | 'delivered') =>
      figures.reduce((sum, one) => sum + one[status], 0);
    const perPlatform = (name: string, help: string, value: (one: DeliveryFigures) => number) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...figures.map((one) => `${name}{platform=${JSON.stringify(one.platformId)}} ${value(one)}`),
    ];
    const memory = process.memoryUsage();
    return [
      '# HELP shsm_gradebook_cells Gradebook cells by delivery status.',
      '# TYPE shsm_gradebook_cells gauge',
      ...(['pending', 'parked', 'delivered'] as const).map(
        (status) => `shsm_gradebook_cells{status="${status}"} ${total(status)}`,
      ),
      '# HELP shsm_gradebook_oldest_due_seconds Age of the delivery that has been due the longest.',
      '# TYPE shsm_gradebook_oldest_due_seconds gauge',
      `shsm_gradebook_oldest_due_seconds ${Math.max(0, ...figures.map((one) => age(one.oldestDue)))}`,
      ...perPlatform('shsm_platform_pending', 'Scores on their way.', (one) => one.pending),
      ...perPlatform('shsm_platform_parked', 'Scores that a person must see to.', (one) => one.parked),
      ...perPlatform('shsm_platform_attempts', 'Attempts at the scores on their way.', (one) => one.attempts),
      ...perPlatform('shsm_platform_oldest_due_seconds', 'Age of the delivery due the longest.', (one) =>
        age(one.oldestDue),
      ),
      ...perPlatform('shsm_platform_on_hold', '1 while this process leaves the platform alone.', (one) =>
        held.has(one.platformId) ? 1 : 0,
      ),
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
