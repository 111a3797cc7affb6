/**
 * Follows the MQTT packets of a byte stream by their fixed headers (MQTT 3.1.1, section 2.2) and knows, from the first
 * five bytes of a packet, whether it is larger than allowed: before anybody has gathered it.
 */
export class PacketGuard {
  /** bytes of the present packet still to come */
  private left = 0;
  /** bytes of its length read so far; −1: the next byte is a packet's first */
  private lengthBytes = -1;
  private length = 0;
  private readonly most: number;

  constructor(mostBytes: number) {
    this.most = mostBytes;
  }

  /** Sees the next bytes of the stream. False once a packet is too large or its length is no length. */
  sees(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.left > 0) {
        const taken = Math.min(this.left, bytes.length - at);
        this.left -= taken;
        at += taken;
        continue;
      }
      const byte = bytes[at++]!;
      if (this.lengthBytes < 0) {
        this.lengthBytes = 0;
        this.length = 0;
        continue;
      }
      this.length += (byte & 0x7f) * 128 ** this.lengthBytes++;
      if (this.length > this.most) return false;
      if (byte >= 0x80) {
        if (this.lengthBytes === 4) return false;
        continue;
      }
      this.left = this.length;
      this.lengthBytes = -1;
    }
    return true;
  }
}
