/** One thread of the simulation: lives through its share, and tells of each portion. */
import { parentPort, workerData } from 'node:worker_threads';
import { liveMany, type Share } from './many.ts';

// Thousands of errors are thrown on purpose, and nobody reads where: a life that fails is lived again by itself.
Error.stackTraceLimit = 0;

await liveMany(workerData as Share, (portion) => parentPort?.postMessage(portion));
