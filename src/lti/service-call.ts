import type { ServiceFailure, ServiceHttp, ServiceRequest, ServiceResponse } from './service-http.ts';
import type { ServiceProblem } from './service-problem.ts';
import type { AccessTokens, TokenUse } from './tokens.ts';

export type CallRequest = {
  readonly use: TokenUse;
  readonly method: ServiceRequest['method'];
  readonly url: string;
  readonly accept?: string;
  readonly content?: { readonly type: string; readonly body: string };
  readonly signal?: AbortSignal;
};

/** A request with an access token. `problem` means that no token was to be had and nothing was sent. */
export type ServiceCall = (
  request: CallRequest,
) => Promise<ServiceResponse | ServiceFailure | ServiceProblem>;

/** A 401 is answered once by a new token; a second one is the caller's to judge. */
export function createServiceCall(deps: {
  readonly http: ServiceHttp;
  readonly tokens: AccessTokens;
}): ServiceCall {
  const { http, tokens } = deps;

  return async function call({ use, method, url, accept, content, signal }) {
    for (let attempt = 1; ; attempt += 1) {
      const token = await tokens.get(use);
      if (token.kind === 'problem') return token;
      const answer = await http({
        method,
        url,
        headers: {
          authorization: `Bearer ${token.value}`,
          ...(accept && { accept }),
          ...(content && { 'content-type': content.type }),
        },
        ...(content && { body: content.body }),
        ...(signal && { signal }),
      });
      if (answer.kind !== 'response' || answer.status !== 401) return answer;
      tokens.drop(use, token.value);
      if (attempt === 2) return answer;
    }
  };
}
