import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door in front of a server on this machine. While it is shut, connections break and new ones are refused. */
export async function openTcpGate(to: { host: string; port: number }) {
  const sockets = new Set<Socket>();
  const gate = createServer((from) => {
    const onward = connect(to.port, to.host);
    for (const socket of [from, onward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        from.destroy();
        onward.destroy();
      });
    }
    from.pipe(onward).pipe(from);
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;

  async function shut(): Promise<void> {
    const closed = once(gate, 'close');
    gate.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  return {
    port,
    shut,
    reopen: async () => {
      gate.listen(port, '127.0.0.1');
      await once(gate, 'listening');
    },
  };
}
