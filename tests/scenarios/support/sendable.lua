-- Payloads of commands that may be sent, where the smallest one that the schema takes may not.
local root = crypto.ca("A root").certificate

return {
  CertificateSigned = { certificateChain = root },
  ChangeAvailability = { connectorId = 0, type = "Operative" },
  ChangeConfiguration = { key = "HeartbeatInterval", value = "60" },
  DeleteCertificate = {
    certificateHashData = { hashAlgorithm = "SHA256", issuerNameHash = "ab", issuerKeyHash = "cd", serialNumber = "1" },
  },
  GetCompositeSchedule = { connectorId = 0, duration = 60 },
  InstallCertificate = { certificateType = "CentralSystemRootCertificate", certificate = root },
  ReserveNow = { connectorId = 1, expiryDate = now(3600), idTag = "A1", reservationId = 1 },
  SendLocalList = { listVersion = 1, updateType = "Full" },
  SetChargingProfile = {
    connectorId = 0,
    csChargingProfiles = {
      chargingProfileId = 1, stackLevel = 0, chargingProfilePurpose = "TxDefaultProfile", chargingProfileKind = "Relative",
      chargingSchedule = { chargingRateUnit = "A", chargingSchedulePeriod = array { { startPeriod = 0, limit = 6 } } },
    },
  },
  SignedUpdateFirmware = {
    requestId = 1,
    firmware = { location = "http://127.0.0.1/firmware", retrieveDateTime = now(0), signingCertificate = root, signature = "AAAA" },
  },
  UpdateFirmware = { location = "http://127.0.0.1/firmware", retrieveDate = now(0) },
}
