/** What is wrong when a broker cannot be used, in words that say what to look at. */
const BY_CODE: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
  ECONNRESET:
    'it ended the connection without a word; perhaps one side speaks TLS and the other does not (ECONNRESET)',
  ENOTFOUND: 'its name is not known (ENOTFOUND)',
  CERT_HAS_EXPIRED: "the broker's certificate has expired",
  CERT_NOT_YET_VALID: "the broker's certificate is not valid yet, or this machine's clock is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: "the broker's certificate is for another name than the one in MQTT_URL",
  SELF_SIGNED_CERT_IN_CHAIN: "the broker's certificate is of an authority that MQTT_CA does not hold",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the broker's certificate is of an authority that MQTT_CA does not hold",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the broker's certificate is of an authority that MQTT_CA does not hold",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the broker's certificate is of an authority that MQTT_CA does not hold",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the broker asks for a client certificate: set MQTT_CERT and MQTT_KEY',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the broker does not accept MQTT_CERT: it is of an authority it does not know',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the broker does not accept MQTT_CERT: it has expired',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the broker does not accept MQTT_CERT',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: MQTT_URL should begin with mqtt://',
};

/** Return codes of CONNACK (MQTT 3.1.1, section 3.2.2.3). */
const BY_RETURN_CODE: Record<number, string> = {
  2: 'the broker refuses our client id',
  3: 'the broker says that it is not ready',
  4: 'the broker refuses MQTT_USERNAME and MQTT_PASSWORD',
  5: 'the broker does not let us in: MQTT_USERNAME and MQTT_PASSWORD are wrong, missing, or have no rights',
};

/** A sentence for an error of the MQTT client; the error's own words when it is none that is known. */
export function brokerTrouble(error: Error & { code?: string | number }): string {
  const { code, message } = error;
  const known = typeof code === 'number' ? BY_RETURN_CODE[code] : BY_CODE[code ?? ''];
  return known ?? (message || String(code));
}
