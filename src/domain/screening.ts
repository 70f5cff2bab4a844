/** Placeholder for helper C */
export const ScreeningKinds = [
  'person',
  'notification',
  'auto-reply',
  'bounce',
  'delivery-status',
  'receipt',
  'feedback',
  'bulk',
  'own',
] as const;
export type ScreeningKind = (typeof ScreeningKinds)[number];
