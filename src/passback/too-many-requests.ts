import type { DeliveryError } from '../domain/gradebook.ts';

/** Whether the LMS refused the number of requests, not the score (429, or 403 with such words). */
export function isTooManyRequests({ key }: DeliveryError): boolean {
  return key === 'lms-busy';
}
