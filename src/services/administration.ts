import type { AuditEvent } from '../domain/audit.ts';
import { AppError } from '../domain/errors.ts';
import type { LaunchNote } from '../domain/launch-note.ts';
import type { Viewer } from '../domain/person.ts';
import type { ProbeStep } from '../domain/service-probe.ts';
import { activityOf, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';

const NEWEST = 50;

/** What an administrator of the LMS does here: with their own platform only, and never with students' work. */
export function createAdministration(deps: ServiceDeps) {
  const { store, now, newId, probeServices } = deps;

  /** Lets a deployment of the viewer's platform in. One that was never seen is answered like one that does not exist. */
  async function approveDeployment(viewer: Viewer, deploymentId: string): Promise<void> {
    requireRole(viewer, 'administrator');
    const isKnown = await store.approveDeployment(
      viewer.platformId,
      deploymentId,
      audit(viewer, 'deployment.approved', deploymentId),
    );
    if (!isKnown) throw new AppError('not_found', 'errors.not_found');
  }

  async function launches(viewer: Viewer): Promise<readonly LaunchNote[]> {
    requireRole(viewer, 'administrator');
    return store.launchNotes(viewer.platformId, NEWEST);
  }

  /** `scoreFor`: also send this person a score, into a column that is deleted again. */
  async function probe(viewer: Viewer, scoreFor: string | null): Promise<readonly ProbeStep[]> {
    requireRole(viewer, 'administrator');
    const activity = await activityOf(store, viewer);
    await store.appendAudit(audit(viewer, 'services.probed', activity.id, { withScore: scoreFor !== null }));
    return probeServices(activity, { scoreFor });
  }

  function audit(
    viewer: Viewer,
    action: AuditEvent['action'],
    subject: string,
    detail: AuditEvent['detail'] = {},
  ): AuditEvent {
    const { userId: actor, platformId, deploymentId } = viewer;
    return { id: newId(), at: now(), actor, action, platformId, deploymentId, subject, detail };
  }

  return { approveDeployment, launches, probe };
}
