import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { startTrialTool, type TrialTool } from './trial-tool.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';

export const SCOPE = {
  score: `${AGS}/score`,
  lineItem: `${AGS}/lineitem`,
  lineItemRead: `${AGS}/lineitem.readonly`,
  results: `${AGS}/result.readonly`,
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const;

export const LINE_ITEM_JSON = 'application/vnd.ims.lis.v2.lineitem+json';
export const SCORE_JSON = 'application/vnd.ims.lis.v1.score+json';

/** The demo LMS at a fixed time, five students in it, and a tool that it knows. */
export type DemoServices = {
  readonly tool: TrialTool;
  readonly lms: DemoLms;
  readonly lineItems: string;
  readonly column: string;
  readonly scores: string;
  readonly results: string;
  readonly members: string;
  readonly close: () => Promise<void>;
};

export async function startDemoServices(): Promise<DemoServices> {
  const tool = await startTrialTool(() => NOW);
  const lms = await startDemoLms({
    port: 0,
    toolUrl: tool.url,
    samplesDir: null,
    now: () => NOW,
    studentCount: 5,
  });
  const lineItems = `${lms.url}/lti/courses/course-1/line-items`;
  return {
    tool,
    lms,
    lineItems,
    column: `${lineItems}/column-1?type_id=1`,
    scores: `${lineItems}/column-1/scores?type_id=1`,
    results: `${lineItems}/column-1/results?type_id=1`,
    members: `${lms.url}/lti/courses/course-1/members`,
    close: async () => {
      await lms.close();
      await tool.close();
    },
  };
}

/** One service call. The body of the answer is null when there is none. */
export async function call(
  token: string,
  method: string,
  url: string,
  body?: unknown,
  type: string = LINE_ITEM_JSON,
) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
