import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { addressesOf, lanAddresses } from './addresses.ts'

const v4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal,
  cidr: null,
})

describe('addresses', () => {
  it('for phones leave out loopback and link-local, and put the home network before bridges', () => {
    const interfaces = {
      lo: [v4('127.0.0.1', true)],
      docker0: [v4('172.17.0.1')],
      eth1: [v4('169.254.3.4')],
      eth0: [v4('10.0.0.5')],
      wlan0: [v4('192.168.1.20')],
    }
    expect(lanAddresses(interfaces)).toEqual(['192.168.1.20', '10.0.0.5', '172.17.0.1'])
  })

  it('are what the server listens on', () => {
    expect(addressesOf({ host: '127.0.0.1', port: 3000, publicUrl: undefined })).toEqual({
      local: 'http://localhost:3000',
      reachable: 'http://localhost:3000',
    })
    expect(addressesOf({ host: '10.1.2.3', port: 80, publicUrl: undefined }).reachable).toBe(
      'http://10.1.2.3:80',
    )
    expect(addressesOf({ host: '::1', port: 80, publicUrl: undefined }).local).toBe('http://localhost:80')
    expect(addressesOf({ host: 'fd00::1', port: 80, publicUrl: undefined }).local).toBe('http://[fd00::1]:80')
  })

  it('are what the operator says', () => {
    const place = { host: '0.0.0.0', port: 3000, publicUrl: 'https://cup.example' }
    expect(addressesOf(place)).toEqual({ local: 'http://localhost:3000', reachable: 'https://cup.example' })
  })
})
