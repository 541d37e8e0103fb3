/** The tool: reads messages from standard input, one a line, and writes the answer to each to standard output. */
import { createInterface } from 'node:readline';
import { respond } from './respond.js';

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  try {
    console.log(JSON.stringify(respond(JSON.parse(line))));
  } catch (error) {
    // No message that could be answered: without an `id` there is no answer.
    console.error(`not a message: ${error}`);
  }
}
