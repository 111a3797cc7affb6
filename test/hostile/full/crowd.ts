import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A process to be killed: crowd.ts URL COUNT. So many live clients that ask for the overview and never read. */
const [url, count] = process.argv.slice(2);
const { port, pathname } = new URL(url!);
const HANDSHAKE =
  `GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

/** A masked text frame, with a mask of zeros. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

const WATCH = frame('{"watch":["overview"]}');
for (let k = 0; k < Number(count); k++) {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  // the answer to the handshake is read, so that the question is not taken for a part of it; nothing after that
  socket.once('data', () => {
    socket.pause();
    socket.write(WATCH);
  });
  socket.write(HANDSHAKE);
  if (k % 100 === 99) await pause(50);
}
setInterval(() => undefined, 60_000);
