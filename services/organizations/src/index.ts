export type { OrganizationsConfig } from './config.ts'
export { defineOrganizations } from './service.ts'
