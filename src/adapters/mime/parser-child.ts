/** The program that the parser pool runs in a process of its own. */
import { answerTask } from './answer-task.ts';
import { serveParser } from './serve-parser.ts';

serveParser(answerTask);
