export { createMigration } from './create.ts';
export { type AppliedMigration, deploy } from './deploy.ts';
export { type Drift, findDrift } from './drift.ts';
export { MigrateError } from './failure.ts';
export type { MigrationSource } from './history.ts';
export { resolveFailed } from './resolve.ts';
export { scramVerifier } from './scram.ts';
export { databaseRole, type RoleName, roleNames, type RolePasswords, setRolePasswords } from './roles.ts';
export { migrationStatus, type MigrationStatus } from './status.ts';
