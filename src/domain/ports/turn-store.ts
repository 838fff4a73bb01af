import type { Instant } from '../instant.ts';

export interface TurnStore {
  /**
   * Whose turn it is to do a job that is done once in a while, whatever the number of processes. True for one owner at a
   * time, until `until`; the owner may move that moment, also to put off the next turn.
   */
  takeTurn(job: string, owner: string, now: Instant, until: Instant): Promise<boolean>;
}
