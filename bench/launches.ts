import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongod, startReplicaSet } from '../test/support/mongod.ts';
import type { LoadFigures } from './launches/load.ts';
import { type BenchPlatform, startBenchPlatform } from './launches/platform.ts';
import { type Load, type MeasuredServer, startLoad, startOurs, startPlainLtijs } from './launches/servers.ts';

const {
  BENCH_ROUNDS: ROUNDS = '5',
  BENCH_LAUNCHES: LAUNCHES = '250',
  BENCH_STORES: STORES = 'MongoDB SQLite',
} = process.env;
const HOP_MS = 20;
const CASES = [
  { hopMs: HOP_MS, concurrent: 1 },
  { hopMs: HOP_MS, concurrent: 20 },
  { hopMs: 0, concurrent: 1 },
  { hopMs: 0, concurrent: 20 },
] as const;
const COUNTED = 1000;

type Pair<T> = readonly [ours: T, plain: T];
type Figures = LoadFigures & { readonly cpuMs: number };

/**
 * Full launches (login, launch, first page) of the tool and of plain ltijs, by turns, on the same store and with the same platform;
 * then how often each asks for the platform's key set, also when its keys change.
 */
export async function launchesBench(): Promise<string> {
  const lines: string[] = [];
  const found = await findMongod();
  if ('problem' in found) lines.push(`MongoDB: not measured (${found.problem})`);
  else if (STORES.includes('MongoDB')) {
    const servers = await startReplicaSet(found.path, 1, 'disk');
    try {
      lines.push(...(await measureStore('MongoDB', servers.getUri('ours'), servers.getUri('plain'))));
    } finally {
      await servers.stop({ doCleanup: true, force: true });
    }
  }
  if (STORES.includes('SQLite')) {
    const folder = mkdtempSync(join(tmpdir(), 'shsm-bench-'));
    try {
      const at = (name: string) => `sqlite:${join(folder, `${name}.db`)}`;
      lines.push(...(await measureStore('SQLite', at('ours'), at('plain'))));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return lines.join('\n');
}

async function measureStore(store: string, ourStore: string, plainStore: string): Promise<string[]> {
  const platform = await startBenchPlatform();
  const load = startLoad();
  const ours = await startOurs(ourStore, platform.url);
  const plain = await startPlainLtijs(plainStore, platform.url);
  const lines: string[] = [];
  const line = (text: string) => {
    lines.push(`${store.padEnd(8)} ${text}`);
    process.stderr.write(`${store} ${text}\n`);
  };
  try {
    for (const { hopMs, concurrent } of CASES) {
      platform.hopMs = hopMs;
      const figures = await byTurns(load, platform, [ours, plain], concurrent);
      line(
        `key set ${String(hopMs).padStart(2)} ms away, ${String(concurrent).padStart(2)} at once: ${compared(figures)}`,
      );
    }
    line(await keySetRequests(load, platform, [ours, plain]));
    return lines;
  } finally {
    await Promise.all([ours.stop(), plain.stop(), load.stop()]);
    await platform.close();
  }
}

async function byTurns(
  load: Load,
  platform: BenchPlatform,
  servers: Pair<MeasuredServer>,
  concurrent: number,
): Promise<Pair<Figures>> {
  const measured: [Figures[], Figures[]] = [[], []];
  for (const server of servers) await launch(load, platform, server, 100, concurrent);
  for (let round = 0; round < Number(ROUNDS); round += 1)
    for (const side of [0, 1] as const)
      measured[side].push(await launch(load, platform, servers[side], Number(LAUNCHES), concurrent));
  return [medians(measured[0]), medians(measured[1])];
}

async function launch(
  load: Load,
  platform: BenchPlatform,
  server: MeasuredServer,
  launches: number,
  concurrent: number,
): Promise<Figures> {
  const before = server.cpuMs();
  const figures = await load.run({
    tool: server.tool,
    platform: platform.url,
    key: platform.key(),
    launches,
    concurrent,
  });
  return { ...figures, cpuMs: (server.cpuMs() - before) / launches };
}

/** Over a thousand launches whose key is new to the tool. */
async function keySetRequests(
  load: Load,
  platform: BenchPlatform,
  servers: Pair<MeasuredServer>,
): Promise<string> {
  const counts: number[] = [];
  for (const server of servers) {
    platform.rotate();
    const before = platform.keySetRequests();
    await launch(load, platform, server, COUNTED, 20);
    counts.push(platform.keySetRequests() - before);
  }
  return `requests for the key set over ${COUNTED} launches after the platform changed its key: ${counts[0]} (plain ltijs ${counts[1]})`;
}

function medians(rounds: readonly Figures[]): Figures {
  const of = (name: keyof Figures) => median(rounds.map((figures) => figures[name]));
  return { perSecond: of('perSecond'), p50: of('p50'), p95: of('p95'), cpuMs: of('cpuMs') };
}

function compared([ours, plain]: Pair<Figures>): string {
  const one = (figures: Figures) =>
    `${figures.perSecond.toFixed(0)}/s, p95 ${figures.p95.toFixed(1)} ms, processor ${figures.cpuMs.toFixed(1)} ms`;
  const ratio = (name: keyof Figures) => (ours[name] / plain[name]).toFixed(2);
  return `${one(ours)} (plain ltijs ${one(plain)}; ratios ${ratio('perSecond')}, ${ratio('p95')}, ${ratio('cpuMs')})`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
