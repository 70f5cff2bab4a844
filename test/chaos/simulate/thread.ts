/** One thread of the simulation: lives through its share, and tells of each portion. */
import { parentPort, workerData } from 'node:worker_threads';
import { liveMany, type Share } from './many.ts';

await liveMany(workerData as Share, (portion) => parentPort?.postMessage(portion));
