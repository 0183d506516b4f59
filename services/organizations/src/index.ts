export type { OrganizationsConfig } from './config.ts'
export { organizationMigrations } from './migrations.ts'
export { defineOrganizations } from './service.ts'
