import { setTimeout as sleep } from 'node:timers/promises';

/** Thread pools spin for a while after their last work; the next side waits that out. */
export const SETTLE_MS = 200;

/**
 * Milliseconds of every side by its name, a value a round, after one untimed run of each (`warm`). One round runs every
 * side once while the others wait; the order turns by one place a round.
 */
export async function timeRounds(sides, rounds, warm = (side) => side.run()) {
  const times = new Map(sides.map(({ name }) => [name, []]));
  for (const side of sides) await warm(side);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < sides.length; i++) {
      const side = sides[(round + i) % sides.length];
      await sleep(SETTLE_MS);
      times.get(side.name).push(await side.run());
    }
  }
  return times;
}
