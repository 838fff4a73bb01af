import type { DemoLms } from '../src/demo/demo-lms.ts';
import { openActivity } from '../test/support/in-course.ts';
import type { Page } from '../test/support/visitor.ts';
import { startWholeTool } from '../test/support/whole-tool.ts';

const STUDENTS = 2_000;
const PAGES = 40;
/** What the LMS takes for each page of its list. */
const PAGE_MS = 100;
const ROUNDS = 3;

type Figures = { readonly firstMs: number; readonly shown: number; readonly wholeMs: number };

/** Class progress of a course of which nothing is known yet: when the first names are on the page, and when the list is whole. */
export async function rosterBench(): Promise<string> {
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
  const of = (name: keyof Figures) =>
    rounds.map((figures) => figures[name]).toSorted((a, b) => a - b)[1] ?? 0;
  return [
    `first names      ${of('firstMs').toFixed(0)} ms after the LMS answered the first of ${PAGES} pages (${of('shown')} names; goal under 300 ms)`,
    `whole list       ${(of('wholeMs') / 1000).toFixed(1)} s for ${STUDENTS} students, of which the LMS takes ${((PAGES * PAGE_MS) / 1000).toFixed(1)} s`,
  ].join('\n');
}

async function measure(): Promise<Figures> {
  const tool = await startWholeTool({
    studentCount: STUDENTS,
    settings: { rosterPageSize: Math.ceil((STUDENTS + 1) / PAGES) },
    faults: { roster: { delayMs: PAGE_MS } },
  });
  try {
    const { visitor, page } = await openActivity(tool.lms, 'teacher-1');
    const began = Date.now();
    const address = new URL(`${new URL(page.url).pathname.replace(/\/$/, '')}/progress`, page.url).href;
    const first = await visitor.glance(address);
    const firstAt = Date.now();
    let whole = first;
    for (let more = moreOf(first); more !== null; more = moreOf(whole))
      whole = await visitor.glance(new URL(more, first.url).href);
    const count = Number(/(\d[\d,]*) students/.exec(whole.text)?.[1]?.replace(',', ''));
    if (count !== STUDENTS) throw new Error(`${count} students`);
    return {
      firstMs: firstAt - firstAnswer(tool.lms),
      shown: first.html.querySelectorAll('tbody th').length,
      wholeMs: Date.now() - began,
    };
  } finally {
    await tool.stop();
  }
}

function moreOf(page: Page): string | null {
  return page.html.querySelector('[data-more]')?.getAttribute('data-more') ?? null;
}

/** The moment at which the LMS had answered the first page. */
function firstAnswer(lms: DemoLms): number {
  const call = lms.log.calls().find(({ path }) => path.endsWith('/members'));
  if (call === undefined) throw new Error('the list was not read');
  return call.at + call.durationMs;
}
