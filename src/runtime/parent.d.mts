/** Calls `then` once, when the process that started this one is no longer its parent. */
export function whenOrphaned(then: () => void): void;
