import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { auditContract } from './contract/audit.ts';
import { cellContract } from './contract/cells.ts';
import { courseContract } from './contract/courses.ts';
import { durabilityContract } from './contract/durability.ts';
import { inviteContract } from './contract/invites.ts';
import { launchNoteContract } from './contract/launch-notes.ts';
import { launchContract } from './contract/launches.ts';
import { leaseContract } from './contract/leases.ts';
import { lineItemContract } from './contract/line-items.ts';
import { paceContract } from './contract/paces.ts';
import { platformContract } from './contract/platforms.ts';
import { readingContract } from './contract/readings.ts';
import { rosterContract } from './contract/rosters.ts';
import { saveSubmissionContract } from './contract/save-submission.ts';
import { submissionContract } from './contract/submissions.ts';
import { turnContract } from './contract/turns.ts';

/** One empty place to store in: every `open` is another connection to the same data. */
export type Backend = {
  readonly open: () => Promise<Store>;
  readonly remove: () => Promise<void>;
};

/** Opens a connection that the contract closes after the test. */
export type Open = () => Promise<Store>;

/** What every store promises, whatever it is built on. `fresh` is asked once a test. */
export function storeContract(name: string, fresh: () => Promise<Backend>): void {
  describe(`${name} keeps the promises of the store:`, () => {
    let backend: Backend;
    let opened: Store[];
    beforeEach(async () => {
      backend = await fresh();
      opened = [];
    });
    afterEach(async () => {
      for (const store of opened) await store.close();
      await backend.remove();
    });
    const open: Open = async () => {
      const store = await backend.open();
      opened.push(store);
      return store;
    };

    describe('platforms', () => platformContract(open));
    describe('invites', () => inviteContract(open));
    describe('launches', () => launchContract(open));
    describe('launch notes', () => launchNoteContract(open));
    describe('courses', () => courseContract(open));
    describe('class lists', () => rosterContract(open));
    describe('saving a submission', () => saveSubmissionContract(open));
    describe('finding submissions', () => submissionContract(open));
    describe('the line of readings', () => readingContract(open));
    describe('gradebook cells', () => cellContract(open));
    describe('paces', () => paceContract(open));
    describe('leases of cells', () => leaseContract(open));
    describe('line items', () => lineItemContract(open));
    describe('turns', () => turnContract(open));
    describe('audit', () => auditContract(open));
    describe('durability', () => durabilityContract(open));
  });
}
