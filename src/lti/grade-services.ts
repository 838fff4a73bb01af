import type { Dispatcher } from 'undici';
import type { NewId, Now } from '../domain/instant.ts';
import type { SendScore } from '../domain/ports/lms-gradebook.ts';
import type { FetchRoster } from '../domain/ports/roster.ts';
import type { ProbeServices } from '../domain/service-probe.ts';
import { createReadResults, type ReadResults } from './results.ts';
import { createFetchRoster } from './roster.ts';
import { createSendScore, type SendScoreDeps } from './scores.ts';
import { createServiceCall } from './service-call.ts';
import { createServiceHttp } from './service-http.ts';
import { createServiceProbe } from './service-probe.ts';
import type { SigningIdentityOf } from './signing-identity.ts';
import { createAccessTokens } from './tokens.ts';

/** The services of the LMS behind one token cache: grades (AGS 2.0) and class lists (NRPS 2.0). */
export function createGradeServices(deps: {
  readonly store: SendScoreDeps['store'];
  readonly identityOf: SigningIdentityOf;
  readonly production: boolean;
  readonly version: string;
  readonly dispatcher: Dispatcher | null;
  readonly now: Now;
  readonly newId: NewId;
}): {
  readonly sendScore: SendScore;
  readonly readResults: ReadResults;
  readonly fetchRoster: FetchRoster;
  readonly probeServices: ProbeServices;
} {
  const http = createServiceHttp(deps);
  const call = createServiceCall({ http, tokens: createAccessTokens({ ...deps, http }) });
  const fetchRoster = createFetchRoster({ call, now: deps.now });
  return {
    sendScore: createSendScore({ store: deps.store, call, now: deps.now, newId: deps.newId }),
    readResults: createReadResults({ store: deps.store, call, now: deps.now }),
    fetchRoster,
    probeServices: createServiceProbe({ call, fetchRoster, now: deps.now }),
  };
}
