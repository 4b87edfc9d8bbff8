import { z } from 'zod';
import { readSetting, SecretUnavailable } from './secret-sources.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

const portFault = 'METRICS_PORT must be a port number, 0 to 65535';

/** The environment variables that telemetry needs; apps compose them into their own config. */
export const telemetrySettings = z.object({
  LOG_LEVEL: z.enum(logLevels, { error: `LOG_LEVEL must be one of ${logLevels.join(', ')}` }).default('info'),
  /** The private port of /metrics, /healthz and /readyz, for the platform and never for clients; 0 takes any that is free. */
  METRICS_PORT: z.coerce.number(portFault).int(portFault).min(0, portFault).max(65_535, portFault).default(9464),
  /** Loopback unless set, for nobody has to sign in to read metrics. */
  METRICS_HOST: z.string().min(1, 'METRICS_HOST must be an address to listen on, such as 0.0.0.0').default('127.0.0.1'),
});
export type TelemetrySettings = z.infer<typeof telemetrySettings>;

/** Settings are wrong: every faulty variable is named, with what would be right, and no value is shown. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

/**
 * Reads all settings of a process at once, each from its variable, or by NAME_FILE or NAME_COMMAND (secret-sources.ts).
 * @throws {InvalidSettings}
 */
export const parseSettings = <T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.infer<T> => {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of namesIn(schema)) {
    try {
      // An empty variable is how container files write "not set".
      const value = readSetting(environment, name);
      if (value) given[name] = value;
    } catch (error) {
      if (!(error instanceof SecretUnavailable)) throw error;
      faults.push(error.message);
      given[name] = ''; // its own fault is told already
    }
  }
  const result = schema.safeParse(given);
  if (result.success && faults.length === 0) return result.data;
  for (const { path, message } of result.error?.issues ?? []) {
    const name = path.join('.');
    if (given[name] !== '') faults.push(message.startsWith(name) ? message : `${name}: ${message}`);
  }
  throw new InvalidSettings(
    `${faults.length} setting(s) are wrong:\n  ${faults.join('\n  ')}\nSee .env.example for every variable.`,
  );
};

/** Of an object, whatever is made of it afterwards. */
const namesIn = (schema: z.core.$ZodType): string[] => {
  if (schema instanceof z.ZodPipe) return namesIn(schema.in);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};
