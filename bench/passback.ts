import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import { judged, load, sized } from './figures.ts';
import { addPendingScores } from './pending-scores.ts';
import { onBoth, onMongo, type Place, sqliteIn } from './places.ts';
import type { PlatformReport, ScorePlatformOptions } from './score-platform.ts';
import { startToolServer } from './tool-server.ts';

const PLATFORMS = 40;
const PER_SECOND = 100;
const LATENCY_MS = 50;

type Drain = { readonly perSecond: number; readonly refused: number; readonly cpuMs: number };

/**
 * Scores that wait are brought to LMSs by the server as it ships; the LMSs run in a process of their own, on the same
 * machine. Scores a second are counted at the LMS, from the first to the last it took.
 */
export async function passbackBench(): Promise<string> {
  return onBoth(async (place) => {
    const scores = sized(10_000, 1_000);
    const one = await drain(fresh(place), { scores });
    const forty = await drain(fresh(place), { scores, platforms: PLATFORMS });
    const hanging = await drain(fresh(place), { scores, platforms: PLATFORMS, hanging: 1 });
    const limited = await drain(fresh(place), { scores, perSecond: PER_SECOND });
    const share = (limited.perSecond / PER_SECOND) * 100;
    return [
      `${place.kind}: ${scores} scores to one LMS       ${judged(one.perSecond, 500, 'at-least', ' /s')}, ${one.cpuMs.toFixed(2)} ms of processor each`,
      `${place.kind}: to ${PLATFORMS} LMSs                  ${forty.perSecond.toFixed(0)} /s (ratio ${(forty.perSecond / one.perSecond).toFixed(2)})`,
      `${place.kind}: one of them hangs           ratio ${judged(hanging.perSecond / forty.perSecond, 0.9, 'at-least', '')} of all well`,
      `${place.kind}: LMS that takes ${PER_SECOND} a second  ${judged(share, 95, 'at-least', ' %')} of its limit, ${limited.refused} refused (${load()})`,
    ];
  });
}

/** One server process and two on the same MongoDB database, in the same run. */
export async function twoProcessesBench(): Promise<string> {
  const lines = await onMongo(async (place) => {
    // One LMS: with more, two cores for all the processes of this bench would be the limit, and not the tool.
    const options = { scores: sized(10_000, 2_000), latencyMs: LATENCY_MS };
    const one = await drain(fresh(place), options);
    const two = await drain(fresh(place), { ...options, servers: 2 });
    return [
      `one process, an LMS that takes ${LATENCY_MS} ms ${one.perSecond.toFixed(0)} /s`,
      `two processes                     ${two.perSecond.toFixed(0)} /s, ratio ${judged(two.perSecond / one.perSecond, 1.7, 'at-least', '')} (${load()})`,
    ];
  });
  return lines.join('\n');
}

let databases = 0;
/** Another empty database on the same server or disk. */
function fresh(place: Place): Place {
  if (place.kind === 'SQLite') return sqliteIn(place.folder);
  databases += 1;
  const url = new URL(place.variable);
  url.pathname += `-${databases}`;
  return { ...place, database: { kind: 'mongodb', url: url.href }, variable: url.href };
}

async function drain(
  place: Place,
  options: Partial<ScorePlatformOptions> & { readonly scores: number; readonly servers?: number },
): Promise<Drain> {
  const { platforms = 1, hanging = 0, perSecond = null, latencyMs = 0, scores, servers = 1 } = options;
  const lms = await startChild<{ url: string }, PlatformReport[]>('score-platform.ts', {
    platforms,
    hanging,
    perSecond,
    latencyMs,
  } satisfies ScorePlatformOptions);
  const each = scores / platforms;
  await addPendingScores(place, lms.ready.url, [...Array(platforms).keys()], each);
  const running = await Promise.all(
    Array.from({ length: servers }, () => startToolServer({ SHSM_DATABASE: place.variable })),
  );
  const atRest = running.reduce((sum, server) => sum + server.cpuSeconds(), 0);
  try {
    const wanted = each * (platforms - hanging);
    for (;;) {
      const reports = (await lms.ask()).slice(hanging);
      const accepted = reports.reduce((sum, report) => sum + report.accepted, 0);
      if (accepted >= wanted) {
        const busy = running.reduce((sum, server) => sum + server.cpuSeconds(), 0) - atRest;
        return { ...summary(reports, perSecond), cpuMs: (busy * 1000) / wanted };
      }
      await pause(50);
    }
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    await lms.stop();
  }
}

function summary(reports: readonly PlatformReport[], limit: number | null): Omit<Drain, 'cpuMs'> {
  const sum = (of: (report: PlatformReport) => number) => reports.reduce((total, one) => total + of(one), 0);
  if (sum((one) => one.outOfOrder) > 0) throw new Error('scores came out of order');
  const seconds =
    (Math.max(...reports.map((one) => one.lastAt)) - Math.min(...reports.map((one) => one.firstAt))) / 1000;
  // What the bucket held at the start is not the LMS's pace.
  const counted = sum((one) => one.accepted) - (limit ?? 0);
  return { perSecond: counted / seconds, refused: sum((one) => one.refused) };
}
