// A charger made of ocpp-rpc in strict mode: both directions of every call are validated against that
// package's own schemas. It charges a session, is commanded over REST, and tells if anything is not
// as OCPP 1.6 has it.
'use strict'

const assert = require('node:assert/strict')
const { RPCClient, createRPCError } = require('ocpp-rpc')

const url = process.env.BUSBAR_URL
const key = process.env.BUSBAR_KEY
const identity = 'INTEROP 1' // the space has to survive the URL
const password = 'interop-password'
const idTag = 'INTEROP-TAG'

async function rest(method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null }
}

const now = () => new Date().toISOString()

function makeClient(options = {}) {
  return new RPCClient({
    endpoint: url.replace(/^http/, 'ws') + '/ocpp',
    identity,
    password,
    protocols: ['ocpp1.6'],
    strictMode: true,
    reconnect: false,
    ...options,
  })
}

// What the server asks of the charger, and what the charger says.
const configuration = [{ key: 'HeartbeatInterval', readonly: false, value: '300' }]
const answers = {
  RemoteStartTransaction: () => ({ status: 'Accepted' }),
  RemoteStopTransaction: () => ({ status: 'Accepted' }),
  Reset: () => ({ status: 'Accepted' }),
  UnlockConnector: () => ({ status: 'Unlocked' }),
  ChangeAvailability: () => ({ status: 'Scheduled' }),
  GetConfiguration: () => ({ configurationKey: configuration, unknownKey: [] }),
  ChangeConfiguration: () => ({ status: 'RebootRequired' }),
  ClearCache: () => ({ status: 'Rejected' }),
  DataTransfer: () => ({ status: 'UnknownMessageId' }),
}

function answerCommands(client, seen) {
  for (const [action, answer] of Object.entries(answers)) {
    client.handle(action, ({ params }) => {
      seen.push([action, params])
      return answer(params)
    })
  }
  client.handle(() => {
    throw createRPCError('NotSupported')
  })
}

async function boot(client) {
  const response = await client.call('BootNotification', {
    chargePointVendor: 'Independent',
    chargePointModel: 'ocpp-rpc',
    chargePointSerialNumber: 'I-1',
    firmwareVersion: '2.2.1',
  })
  assert.equal(response.status, 'Accepted')
  for (const connectorId of [0, 1]) {
    await client.call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available', timestamp: now() })
  }
  await client.call('Heartbeat', {})
}

function sample(energy) {
  return {
    timestamp: now(),
    sampledValue: [
      { value: String(energy), measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
      { value: '16.1', measurand: 'Current.Import', unit: 'A', phase: 'L1' },
      { value: '7.4', measurand: 'Power.Active.Import', unit: 'kW' },
    ],
  }
}

async function charge(client) {
  const authorized = await client.call('Authorize', { idTag })
  assert.equal(authorized.idTagInfo.status, 'Accepted')
  const started = await client.call('StartTransaction', { connectorId: 1, idTag, meterStart: 100, timestamp: now() })
  assert.equal(started.idTagInfo.status, 'Accepted')
  const transactionId = started.transactionId
  for (const energy of [600, 1100, 1600]) {
    await client.call('MeterValues', { connectorId: 1, transactionId, meterValue: [sample(energy)] })
  }
  await client.call('StopTransaction', {
    transactionId,
    meterStop: 2100,
    timestamp: now(),
    reason: 'Local',
    idTag,
    transactionData: [sample(2100)],
  })
  return transactionId
}

async function checkStored(transactionId) {
  const list = await rest('GET', `/api/admin/transactions?charger=${encodeURIComponent(identity)}`)
  assert.equal(list.status, 200)
  assert.equal(list.body.items.length, 1)
  const [stored] = list.body.items
  assert.equal(stored.protocol_id, String(transactionId))
  assert.equal(stored.state, 'completed')
  assert.equal(stored.energy_wh, 2000)
  const values = await rest('GET', `/api/admin/transactions/${stored.id}/meter-values`)
  assert.equal(values.body.items.length, 4)
  assert.equal(values.body.items[0].power_w, 7400)
}

const commands = [
  ['RemoteStartTransaction', { idTag, connectorId: 1 }, 'accepted'],
  ['RemoteStopTransaction', { transactionId: 12345 }, 'accepted'],
  ['Reset', { type: 'Soft' }, 'accepted'],
  ['UnlockConnector', { connectorId: 1 }, 'accepted'],
  ['ChangeAvailability', { connectorId: 0, type: 'Operative' }, 'accepted'],
  ['GetConfiguration', { key: ['HeartbeatInterval'] }, 'accepted'],
  ['GetConfiguration', {}, 'accepted'],
  ['ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' }, 'accepted'],
  ['ClearCache', {}, 'rejected'],
  ['DataTransfer', { vendorId: 'com.example', messageId: 'hello', data: 'world' }, 'rejected'],
]

async function command(chargerId, seen) {
  for (const [action, payload, state] of commands) {
    const sent = await rest('POST', `/api/admin/chargers/${chargerId}/commands`, { action, payload, wait_s: 10 })
    assert.equal(sent.status, 200, `${action}: ${JSON.stringify(sent.body)}`)
    assert.deepEqual(seen.pop(), [action, payload])
    assert.equal(sent.body.state, state, action)
    assert.deepEqual(sent.body.response, answers[action](payload))
  }
}

async function expectRefusals() {
  const wrongPassword = makeClient({ password: 'not-the-password' })
  await assert.rejects(wrongPassword.connect(), (err) => err.code === 401)
  const stranger = makeClient({ identity: 'NOBODY' })
  await assert.rejects(stranger.connect(), (err) => err.code === 404)
}

async function main() {
  const made = await rest('POST', '/api/admin/chargers', { charge_point_id: identity, password, security_profile: 1 })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal((await rest('POST', '/api/admin/tokens', { id_tag: idTag })).status, 201)

  const seen = []
  const client = makeClient()
  client.on('strictValidationFailure', ({ error }) => {
    console.error('not as the schema has it:', error)
    process.exit(1)
  })
  answerCommands(client, seen)
  await client.connect()
  assert.equal(client.protocol, 'ocpp1.6')
  await boot(client)
  await checkStored(await charge(client))
  await command(made.body.id, seen)
  await expectRefusals()
  await client.close({ code: 1000 })
}

main().then(
  () => console.log('ocpp-rpc and busbard understand each other'),
  (err) => {
    console.error(err)
    process.exit(1)
  },
)
