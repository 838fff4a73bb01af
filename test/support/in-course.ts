import type { DemoLms } from '../../src/demo/demo-lms.ts';
import { createVisitor, type Page, type Visitor } from './visitor.ts';

/** Signs in at the LMS and opens an activity of the course in the tool, as a person does. */
export async function openActivity(
  lms: DemoLms,
  personId: string,
  options: { readonly locale?: 'en' | 'fr'; readonly activity?: string } = {},
): Promise<{ visitor: Visitor; page: Page }> {
  const visitor = createVisitor();
  await visitor.open(`${lms.url}/?lang=${options.locale ?? 'en'}`);
  const home = await visitor.open(lms.url);
  await visitor.send(home, 'form.people', {}, `person=${personId}`);
  const handOver = await visitor.open(`${lms.url}/launch/link/${options.activity ?? 'activity-1'}`);
  return { visitor, page: await visitor.send(handOver, 'form', {}) };
}
