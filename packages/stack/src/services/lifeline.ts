import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Ties another process to this one. A shell waits for the end of a pipe that only we hold open; however we end,
 * the pipe does too, and the shell asks the other to shut down (SIGINT). Returns the function that calls it off.
 */
export const lifeline = (pid: number): (() => void) => {
  const watch = spawn('/bin/sh', ['-c', 'read -r order; [ "$order" = leave ] || kill -INT "$1"', 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.stdin.on('error', () => {});
  watch.on('error', () => {});
  watch.unref();
  (watch.stdin as Socket).unref();
  return () => watch.stdin.end('leave\n');
};
