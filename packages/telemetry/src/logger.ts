import winston from 'winston';
import { logContext } from './context.ts';
import { toLogFields } from './fields.ts';
import type { LogFields } from './fields.ts';
import { logLevels } from './settings.ts';
import type { LogLevel } from './settings.ts';

/** One function per level; `event` is the name of a thing that happened, in snake_case. None of them throws. */
export type Logger = Record<LogLevel, (event: string, fields?: LogFields) => void>;

export interface LoggerOptions {
  service: string;
  level: LogLevel;
  /** Standard output unless given. */
  destination?: NodeJS.WritableStream;
}

/** Where winston expects the finished line of a message. */
const LINE = Symbol.for('message');

/** JSON lines: timestamp, level, event, service, the ids of the context, then the fields. */
export const createLogger = ({ service, level, destination = process.stdout }: LoggerOptions): Logger => {
  // A reader that went away, such as a closed pipe, is no reason to stop; and there is nobody left to tell.
  destination.on('error', () => {});
  const winstonLogger = winston.createLogger({
    level,
    levels: Object.fromEntries(logLevels.map((name, severity) => [name, severity])),
    format: winston.format((info) => Object.assign(info, { [LINE]: info.message }))(),
    transports: [new winston.transports.Stream({ stream: destination, eol: '\n' })],
    exitOnError: false,
  });
  winstonLogger.on('error', () => {});

  const write =
    (lineLevel: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (!winstonLogger.isLevelEnabled(lineLevel)) return;
      const head = { timestamp: new Date().toISOString(), level: lineLevel, event, service };
      winstonLogger.log(lineLevel, toLine(head, fields));
    };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
};

const toLine = (head: Record<string, unknown>, fields: LogFields): string => {
  try {
    return JSON.stringify({ ...head, ...toLogFields({ ...logContext(), ...fields }) });
  } catch {
    // A field that cannot be read (a throwing getter) costs the fields, not the event and not the caller.
    return JSON.stringify({ ...head, reason: 'the fields of this event could not be read' });
  }
};
