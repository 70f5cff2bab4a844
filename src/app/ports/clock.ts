/** The time outside a database transaction. The store tells the time inside one. */
import type { Instant } from '../../domain/instant.ts';

export interface Clock {
  now(): Instant;
}
