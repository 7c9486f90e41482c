import { describe, expect, test } from '@jest/globals';
import { SystemClock, VirtualClock } from '#kernel';

const fiveYearsMs = 5 * 365 * 86_400_000;

describe('the virtual clock', () => {
  test('lets five years pass in no time, and wakes in the order of instants', async () => {
    const clock = new VirtualClock(0);
    const woken: string[] = [];
    const duty = clock.waitUntil(fiveYearsMs).then(() => woken.push('duty'));
    const reminder = clock.waitUntil(1000).then(() => woken.push('reminder'));
    clock.advanceTo(fiveYearsMs);
    await Promise.all([duty, reminder]);
    expect(woken).toEqual(['reminder', 'duty']);
    expect(clock.now()).toBe(fiveYearsMs);
  });

  test('wakes nobody before their instant, and never goes back', async () => {
    const clock = new VirtualClock(1000);
    let woken = false;
    const waiting = clock.waitUntil(2000).then(() => (woken = true));
    clock.advanceTo(1999);
    await Promise.resolve();
    expect(woken).toBe(false);
    clock.advanceTo(500);
    expect(clock.now()).toBe(1999);
    clock.advanceTo(2000);
    await waiting;
  });

  test('does not make anyone wait for the past, or after they gave up', async () => {
    const clock = new VirtualClock(1000);
    await clock.waitUntil(1000);
    await clock.waitUntil(5000, AbortSignal.abort());
    const leaving = new AbortController();
    const waiting = clock.waitUntil(5000, leaving.signal);
    leaving.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('the clock of the machine', () => {
  test('waits until the instant has come', async () => {
    const clock = new SystemClock();
    const until = clock.now() + 20;
    await clock.waitUntil(until);
    expect(clock.now()).toBeGreaterThanOrEqual(until);
  });

  test('lets go of whoever gives up', async () => {
    const clock = new SystemClock();
    const leaving = new AbortController();
    const waiting = clock.waitUntil(clock.now() + fiveYearsMs, leaving.signal);
    leaving.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
