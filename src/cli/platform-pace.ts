import type { Config } from '../config.ts';
import { openStore } from '../open-store.ts';
import { paceAt } from '../passback/pace.ts';
import { allowPace, readPace } from '../services/platform-pace.ts';
import type { Answer } from './command.ts';
import { unknownPlatform } from './platform.ts';

/** Shows, and with `wish` sets, how many scores a second one LMS gets: a number, or "auto" for what it takes. */
export async function platformPace(config: Config, id: string, wish: string | undefined): Promise<Answer> {
  const allowed = wish === undefined || wish === 'auto' ? null : Number(wish);
  if (allowed !== null && !(allowed > 0 && allowed <= 1000)) {
    const problem = 'name a number of requests a second, from more than 0 to 1000, or "auto"';
    return { code: 2, data: { problems: [problem] }, text: problem };
  }
  const store = await openStore(config.database);
  try {
    if (wish !== undefined && !(await allowPace(store, id, allowed))) return unknownPlatform(id);
    const pace = await readPace(store, id);
    if (pace === null) return unknownPlatform(id);
    const now = Date.now();
    const current = paceAt(pace, now);
    const data = {
      id,
      allowed: pace.allowed,
      learnt: pace.learnt === null ? null : rounded(current),
      holdUntil:
        pace.holdUntil !== null && pace.holdUntil > now ? new Date(pace.holdUntil).toISOString() : null,
    };
    const lines = [
      pace.allowed === null
        ? `${id} gets scores as fast as it takes them.`
        : `${id} gets at most ${pace.allowed} scores a second.`,
      ...(data.learnt === null ? [] : [`It refused more; now it gets ${data.learnt} a second.`]),
      ...(data.holdUntil === null ? [] : [`It asked to wait until ${data.holdUntil}.`]),
    ];
    return { code: 0, data, text: lines.join('\n') };
  } finally {
    await store.close();
  }
}

function rounded(perSecond: number | null): number | null {
  return perSecond === null ? null : Math.round(perSecond * 10) / 10;
}
