-- The server of all certification cases.
settings {
  tls = true,
  config = { ocpp = { log_delay = "5ms" } },
}
