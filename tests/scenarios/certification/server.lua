-- The server of all certification cases.
settings {
  tls = true,
  serves_files = true,
  authorities = true,
  config = { ocpp = { log_delay = "5ms" } },
}
