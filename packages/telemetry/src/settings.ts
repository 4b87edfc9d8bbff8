import { z } from 'zod';

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

/** Reads all settings of a process at once. @throws {InvalidSettings} */
export const parseSettings = <T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.infer<T> => {
  // An empty variable is how container files write "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return message.startsWith(name) ? message : `${name}: ${message}`;
  });
  throw new InvalidSettings(
    `${faults.length} setting(s) are wrong:\n  ${faults.join('\n  ')}\nSee .env.example for every variable.`,
  );
};
