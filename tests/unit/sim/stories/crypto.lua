-- Certificates: the hashes are those that `openssl ocsp -req_text` prints.
local root = [[
-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgICCrwwCgYIKoZIzj0EAwIwKTEPMA0GA1UECgwGQnVzYmFy
MRYwFAYDVQQDDA1Sb290IG9mIHRlc3RzMCAXDTI2MTEyNTIwMTIzN1oYDzIxMjYx
MTAxMjAxMjM3WjApMQ8wDQYDVQQKDAZCdXNiYXIxFjAUBgNVBAMMDVJvb3Qgb2Yg
dGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARq6KP+37iESpQ+K793KwLd
2woIt9kmtOEA0iXerirRtZXPI+5/2yrRG7a5Jpkojk8onH+d1rKLWu/lhvC6rfKM
o1MwUTAdBgNVHQ4EFgQUJWULw4P3OF1PPPXnNi6Ej2TjMIIwHwYDVR0jBBgwFoAU
JWULw4P3OF1PPPXnNi6Ej2TjMIIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNIADBFAiEA2ecq2zHGJU/z5HkHI4Z8zLh4M/xkqXLRBnlwvdC0pAsCIEbWXE1J
bUhhhlHZT3Ea9TzEss7+9vec7i7a0Y8pealy
-----END CERTIFICATE-----
]]
local leaf = [[
-----BEGIN CERTIFICATE-----
MIIBIDCByAICAfMwCgYIKoZIzj0EAwIwKTEPMA0GA1UECgwGQnVzYmFyMRYwFAYD
VQQDDA1Sb290IG9mIHRlc3RzMCAXDTI2MTEyNTIwMTIzN1oYDzIxMjYxMTAxMjAx
MjM3WjAOMQwwCgYDVQQDDANDUDEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATk
jLRZLwaNL6cT7VQZlEE20rhy2qivRLFQ3RzFEWnIS69oQXRlecMdEBRPhqrAxudH
LcB0hwnFWGi/ciUEbGu4MAoGCCqGSM49BAMCA0cAMEQCIC9O/bm1oxZb/ZSx6pFX
hdiUDzRajD0pWo5JQencfar4AiBJQTqGkg1pn1ZgG3WWrsfmA+FR+fp112Ri0sTz
BCx3JA==
-----END CERTIFICATE-----
]]

local hashes = {
  SHA256 = {
    name = "297fb98cc8e4ccadb423a77f5cc2fb793f1ad68cba2ee6b45f7e7f90b63f8bcd",
    key = "3f7b99f9345b9f1e8268b8cd3f6277e714ba4dd9c3369075a3a12fc860c5f663",
  },
  SHA384 = {
    name = "a292543522c090ef7714b3fce6a49c2a38442372f4875554e76643dafde9be3c128ad9e1ec2caf45e86ed51fcdee3a22",
    key = "c744866a2fe3301719d96c5e20d13dbf38ad44d394e0944cf1e26f6b0eef9beee558b2df9aeea038370faf11eb82b7c0",
  },
  SHA512 = {
    name = "aacf080c262e906466e727c203aedd8efa8c8370a9130dc91d42dc31bdb6842a24aa80dea81900f1c06fcad87d0d838f2a1a878f1196527ced39dd903d41e1c3",
    key = "9377571f821557ea33c8ee60db01470c929642e8cefa06c065f2b42797fc7f2188aa329a7c7b134959a4baac6ab5b085bf138ded03b9d2aa57077b0a8ada5b94",
  },
}
for algorithm, wanted in pairs(hashes) do
  equal(crypto.hash_data(leaf, root, algorithm), {
    hashAlgorithm = algorithm,
    issuerNameHash = wanted.name,
    issuerKeyHash = wanted.key,
    serialNumber = "1f3",
  })
end
matches(crypto.hash_data(root), { issuerNameHash = hashes.SHA256.name, serialNumber = "abc" })
matches(crypto.facts(leaf), { subject = "CN=CP1", issuer = "CN=Root of tests,O=Busbar", common_name = "CP1", serial = "1F3", key_type = "ec", key_bits = 256 })

-- A PKI of our own: root, intermediate, leaf.
local ca = crypto.ca("Root")
local below = crypto.ca({ CN = "Below", O = "Busbar" }, { issuer = ca })
local issued = crypto.issue(below, { subject = "CP1", names = "DNS:localhost,IP:127.0.0.1" })
equal(#crypto.split(issued.chain), 2)
check(crypto.verify(issued.chain, ca.certificate))
local ok, why = crypto.verify(issued.certificate, ca.certificate)
equal(ok, nil)
check(why:find "issuer certificate", why)
ok, why = crypto.verify(issued.chain, ca.certificate, 366 * 86400)
equal(why, "certificate has expired")

-- A request is signed by its key, and its certificate is of that key and subject.
for _, options in ipairs { { type = "rsa" }, { type = "ec", curve = "P-384" } } do
  local key = crypto.key(options)
  local request = crypto.csr(key, { CN = "CP2", O = "Busbar" })
  local asked = crypto.facts(request)
  matches(asked, { signed = true, subject = "CN=CP2,O=Busbar", common_name = "CP2" })
  local made = crypto.issue(ca, { csr = request }).certificate
  matches(crypto.facts(made), { key_id = asked.key_id, subject = asked.subject, ca = false })
  for _, padding in ipairs { "pkcs1", "pss" } do
    local signature = crypto.sign(key, "firmware", "SHA256", padding)
    check(crypto.signed_by(made, "firmware", signature))
    check(not crypto.signed_by(made, "firmwarf", signature))
    check(not crypto.signed_by(ca.certificate, "firmware", signature))
  end
end

equal(crypto.sha256 "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
equal(crypto.hex(crypto.unhex "00FF7f"), "00ff7f")
equal(crypto.unhex "0g", nil)
equal(crypto.unbase64(crypto.base64 "a"), "a")
equal(crypto.unbase64 "", "")
equal(crypto.unbase64 "a", nil)

-- What cannot be done says so.
fails(function()
  crypto.csr("nonsense", "CP1")
end, "cannot make the request")
fails(function()
  crypto.key { type = "rsa", bits = 10 }
end, "no such key")
fails(function()
  charger({ id = "CP1", url = "wss://127.0.0.1:1", ca = "nonsense" }):connect()
end, "cannot read nonsense")
fails(function()
  charger({ id = "CP1", url = "wss://127.0.0.1:1", certificate = issued.chain, key = crypto.key() }):connect()
end, "it is not the certificate's")
equal(crypto.facts "nonsense", nil)
