import type { RequestHandler } from 'express';
import type { CredentialReport } from '../domain/credential.ts';
import { AppError } from '../domain/errors.ts';
import type { Services } from '../services/services.ts';
import { liveViewer } from './session.ts';

/** What was read, checked and proposed, as the reports of the operator interface: for whoever wants to keep or question it. */
export function sendReport(services: Services): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const { submission } = await services.courseViews.submissionView(liveViewer(res), req.params.id);
    const { id, sectorId, credential, placement } = submission;
    if (credential === null) throw new AppError('not_found', 'errors.not_found');
    res.attachment('badge-report.json');
    res
      .type('application/json')
      .send(
        JSON.stringify(
          { submission: id, sector: sectorId, credential: withMoments(credential), placement },
          null,
          2,
        ),
      );
  };
}

/** Each step with the moment at which it was looked at. What only serves to recognize an address is nobody's to carry home. */
function withMoments(report: CredentialReport) {
  const { addresses, ...recipient } = report.credential.recipient;
  const at = (moment: number) => new Date(moment).toISOString();
  return {
    ...report,
    credential: { ...report.credential, recipient },
    checks: report.checks.map((check) => ({ ...check, at: at(check.at ?? report.checkedAt) })),
    checkedAt: at(report.checkedAt),
  };
}
