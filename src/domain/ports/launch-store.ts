import type { Instant } from '../instant.ts';
import type { LoginTransaction } from '../launch.ts';
import type { Session, Viewer } from '../person.ts';

export interface LaunchStore {
  openLogin(login: LoginTransaction): Promise<void>;
  /** Open or spent, as long as it is kept. */
  login(stateHash: string): Promise<LoginTransaction | null>;
  /** True for exactly one caller, whatever the race. */
  spendLogin(stateHash: string, at: Instant): Promise<boolean>;
  openSession(session: Session): Promise<void>;
  /** Also one that has ended but is not purged yet; the caller judges the times. */
  session(idHash: string): Promise<Session | null>;
  touchSession(idHash: string, at: Instant): Promise<void>;
  setSessionLocale(idHash: string, locale: Viewer['locale']): Promise<void>;
  closeSession(idHash: string): Promise<void>;
  /** Deletes logins and sessions that expired before `before`. Returns how many. */
  purgeLaunches(before: Instant): Promise<number>;
}
