/** A whole MQTT packet on its way, with as much of it as a network needs to know. */
export interface Packet {
  bytes: Uint8Array;
  publication: boolean;
  qos: number;
  /** the client's id, of a CONNECT */
  client?: string;
}

const CONNECT = 1;
const PUBLISH = 3;

/** Cuts a stream into MQTT packets by their fixed header (MQTT 3.1.1, section 2.2). */
export class MqttPackets {
  private rest: Buffer = Buffer.alloc(0);

  *take(bytes: Buffer): Generator<Packet> {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    for (;;) {
      const size = sizeOf(this.rest);
      if (size === undefined || this.rest.length < size) return;
      const packet = this.rest.subarray(0, size);
      this.rest = this.rest.subarray(size);
      yield read(packet);
    }
  }
}

/** Bytes of the packet that begins here; undefined while its header is not whole. */
function sizeOf(bytes: Uint8Array): number | undefined {
  let length = 0;
  for (let at = 1; at < Math.min(5, bytes.length); at++) {
    length += (bytes[at]! & 0x7f) * 128 ** (at - 1);
    if (bytes[at]! < 0x80) return length + at + 1;
  }
  return undefined;
}

function read(bytes: Buffer): Packet {
  const type = bytes[0]! >> 4;
  const packet: Packet = { bytes, publication: type === PUBLISH, qos: (bytes[0]! >> 1) & 3 };
  return type === CONNECT ? { ...packet, client: clientOf(bytes) } : packet;
}

/** Section 3.1: protocol name, level, flags, keep-alive, then the client's id. */
function clientOf(bytes: Buffer): string {
  let at = 1;
  while (bytes[at]! >= 0x80) at++;
  at++;
  at += 2 + bytes.readUInt16BE(at) + 4;
  const length = bytes.readUInt16BE(at);
  return bytes.toString('utf8', at + 2, at + 2 + length);
}
