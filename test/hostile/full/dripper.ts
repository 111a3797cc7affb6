import { connect } from 'node:net';

/** A process to be killed: dripper.ts PORT COUNT. So many requests that get a header line a second and never end. */
const [port, count] = process.argv.slice(2);
const sockets = Array.from({ length: Number(count) }, () => {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
  return socket.resume();
});
setInterval(() => {
  for (const socket of sockets) if (socket.writable) socket.write('X-A: b\r\n');
  if (sockets.every((socket) => socket.destroyed)) process.exit(0);
}, 1000);
