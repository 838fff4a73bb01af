import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Fuse from 'fuse.js';
import { loadCatalogue } from '../src/catalogue/load-catalogue.ts';
import { expand } from '../src/classify/lexicon.ts';
import { place } from '../src/classify/place.ts';
import { typedReport } from '../src/cli/typed-facts.ts';
import type { Rules } from '../src/domain/sector.ts';
import {
  CONFIG_DIR,
  catalogue,
  type Labelled,
  labelled,
  mark,
  placeTyped,
  TODAY,
} from '../test/support/placing.ts';

const { rules, quality, messages } = catalogue;
const SEARCH_SAMPLE = 16;

/**
 * How well titles are placed (on those the rules were tuned on and those put aside before) and how fast, beside a plain
 * fuse.js search over the same catalogue; what the rules weigh; and how the time grows with the catalogue.
 */
export async function placementBench(): Promise<string> {
  return [accuracy(), speed(), memory(), growth()].flat().join('\n');
}

function accuracy(): readonly string[] {
  const tuned = labelled('tuned');
  // The search gets the threshold that is best on titles it is then marked on. It is slow, so it reads a part of them.
  const sample = tuned.filter((_, at) => at % SEARCH_SAMPLE === 0);
  const [best] = [0.1, 0.25, 0.4]
    .map((threshold) => searchBy(rules, threshold))
    .map((search) => ({ search, right: firstPlaceRight(search, sample).length }))
    .toSorted((a, b) => b.right - a.right);
  return (['tuned', 'held-out', 'independent'] as const).flatMap((part) => {
    const items = labelled(part);
    const reports = items.map((item) => placeTyped(item.sector, item.facts));
    const marks = items.map((item, at) => mark(item, reports[at] as (typeof reports)[number]));
    const count = (wanted: string) => marks.filter((marked) => marked === wanted).length;
    const tellable = items.filter((item) => !item.expect.placement.includes('undetermined')).length;
    const silent = items.filter(
      (item, at) =>
        !item.expect.placement.includes('undetermined') && reports[at]?.placement === 'undetermined',
    ).length;
    const first = items.filter((item, at) => reports[at]?.certification === item.expect.certification).length;
    const searched = part === 'tuned' ? sample : items.filter((_, at) => at % 4 === 0);
    const answers = searched.map((item) => ({ item, found: best?.search(item) ?? null }));
    const found = answers.filter(({ item, found }) => found === item.expect.certification);
    const over = answers.filter(({ item, found }) => found !== null && item.expect.certification === null);
    return [
      `placement, ${part}: ${items.length} titles, certification right ${percent(first, items.length)}, whole verdict right ${percent(count('right'), items.length)}, ` +
        `${count('overclaim')} overclaims, ${count('underclaim')} underclaims, ${count('other')} other, undetermined where a person could tell ${percent(silent, tellable)}`,
      `fuse.js, ${part}: certification right ${percent(found.length, searched.length)} of ${searched.length}, ${over.length} titles claimed that fill no line`,
    ];
  });
}

function speed(): readonly string[] {
  const items = labelled('tuned');
  const ours = timed(items.map((item) => placing(rules, item)));
  const search = searchBy(rules, 0.3);
  const fuse = timed(
    items.filter((_, at) => at % SEARCH_SAMPLE === 0).map((item) => () => search(item)),
    1,
  );
  return [
    `placement: ${ours.perSecond} a second of one core, p50 ${ours.p50} ms, p99 ${ours.p99} ms`,
    `fuse.js: ${fuse.perSecond} a second, p50 ${fuse.p50} ms, p99 ${fuse.p99} ms; ours is ${Math.round(ours.perSecond / fuse.perSecond)} times as fast`,
  ];
}

function memory(): readonly string[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const copy = loadCatalogue(CONFIG_DIR);
  for (const item of labelled('held-out')) placing(copy.rules, item)();
  collect();
  const mb = (process.memoryUsage().heapUsed - before) / 1_048_576;
  return [`rules in memory, with everything built from them: ${mb.toFixed(1)} MB (${copy.rules.version})`];
}

function growth(): readonly string[] {
  const items = labelled('held-out');
  const times = [1, 10, 100].map((size) => {
    const larger = timesAsLarge(rules, size);
    return { size, ...timed(items.map((item) => placing(larger, item))) };
  });
  const base = times[0]?.p50 ?? 1;
  return times.map(
    ({ size, p50 }) =>
      `catalogue × ${size} (${rules.certifications.length * size} certifications): p50 ${p50} ms, ratio ${(p50 / base).toFixed(2)}`,
  );
}

function placing(of: Rules, item: Labelled): () => unknown {
  const question = {
    rules: of,
    quality,
    say: messages.say,
    sectorId: item.sector,
    credential: typedReport(item.facts, 0),
    expected: null,
    today: TODAY,
    duplicates: null,
  };
  return () => place(question);
}

/** Seconds of the processor, not of the clock: what else the machine does meanwhile is not our speed. */
function timed(jobs: readonly (() => unknown)[], rounds = 10) {
  for (const job of jobs) job();
  const each: number[] = [];
  const cpu = process.threadCpuUsage();
  for (let round = 0; round < rounds; round += 1)
    for (const job of jobs) {
      const start = performance.now();
      job();
      each.push(performance.now() - start);
    }
  const used = process.threadCpuUsage(cpu);
  each.sort((a, b) => a - b);
  const at = (share: number) => Number((each[Math.floor(each.length * share)] ?? 0).toFixed(4));
  return {
    perSecond: Math.round(each.length / ((used.user + used.system) / 1_000_000)),
    p50: at(0.5),
    p99: at(0.99),
  };
}

type Search = (item: Labelled) => string | null;

/** What one would write with a search library: the likeliest certification, if it is on the sector's list. */
function searchBy(of: Rules, threshold: number): Search {
  const entries = of.certifications.map((one) => ({
    id: one.id,
    names: [
      one.name.en,
      one.name.fr,
      ...[...one.titles, ...one.aliases].flatMap((pattern) =>
        expand(pattern).map((words) => words.join(' ')),
      ),
    ],
  }));
  const fuse = new Fuse(entries, {
    keys: ['names'],
    threshold,
    ignoreDiacritics: true,
    ignoreLocation: true,
  });
  return (item) => {
    const [best] = fuse.search(typedReport(item.facts, 0).credential.name ?? '', { limit: 1 });
    const sector = of.sectors.find(({ id }) => id === item.sector);
    const listed = sector?.lines.some((line) => line.certificationId === best?.item.id);
    return listed === true ? (best?.item.id ?? null) : null;
  };
}

function firstPlaceRight(search: Search, items: readonly Labelled[]): readonly Labelled[] {
  return items.filter((item) => search(item) === item.expect.certification);
}

/** The same rules with as many more certifications, lines and issuers, each with a word of its own in its names. */
function timesAsLarge(of: Rules, size: number): Rules {
  const copies = Array.from({ length: size - 1 }, (_, at) => `extra${letters(at)}`);
  return {
    ...of,
    certifications: of.certifications.flatMap((one) => [
      one,
      ...copies.map((word) => ({
        ...one,
        id: `${one.id}-${word}`,
        name: { en: `${one.name.en} ${word}`, fr: `${one.name.fr} ${word}` },
        titles: one.titles.map((title) => `${title} ${word}`),
        aliases: one.aliases.map((alias) => `${alias} ${word}`),
        weak: one.weak.map((weak) => `${weak} ${word}`),
      })),
    ]),
    sectors: of.sectors.map((sector) => ({
      ...sector,
      lines: sector.lines.flatMap((line) => [
        line,
        ...copies.map((word) => ({ ...line, certificationId: `${line.certificationId}-${word}` })),
      ]),
    })),
    issuers: of.issuers.flatMap((issuer) => [
      issuer,
      ...copies.map((word) => ({
        ...issuer,
        id: `${issuer.id}-${word}`,
        names: issuer.names.map((name) => `${name} ${word}`),
        hosts: issuer.hosts.map((host) => `${word}.${host}`),
      })),
    ]),
  };
}

/** 0 → `aa`, 1 → `ab`: a word of letters only. */
function letters(at: number): string {
  return String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26));
}

function percent(part: number, whole: number): string {
  return `${((part / Math.max(whole, 1)) * 100).toFixed(1)} %`;
}
