// Turns a TCP server into one behind a line that can be cut, and that can go silent as lines between machines do.
import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";

/** A line to a server. */
export type Tunnel = {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  readonly cut: () => void;
  /** Lets nothing through in either direction and breaks nothing: nobody is told. */
  readonly mute: () => void;
  /** What waited goes through, and new connections are taken. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
};

type Line = "cut" | "muted" | "whole";

/** Opens a line on a free port of 127.0.0.1. @param onData Told of what a client says, after it was passed on. */
export async function openTunnel(
  upstream: { readonly host: string; readonly port: number },
  onData: (text: string, tunnel: Tunnel) => void = () => {},
): Promise<Tunnel> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let line: Line = "whole";
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (line === "cut") {
      client.destroy();
      return;
    }
    const pair = [client, connect({ ...upstream, allowHalfOpen: true })] as const;
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    client.on("data", (data) => {
      onData(data.toString("latin1"), tunnel);
    });
    if (line === "muted") hold(pair);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const turn = (next: Line, change: (pair: readonly [Socket, Socket]) => void): (() => void) => {
    return () => {
      line = next;
      pairs.forEach(change);
    };
  };
  const tunnel: Tunnel = {
    port: (server.address() as AddressInfo).port,
    cut: turn("cut", destroy),
    mute: turn("muted", hold),
    heal: turn("whole", release),
    close: async () => {
      pairs.forEach(destroy);
      server.close();
      await once(server, "close");
    },
  };
  return tunnel;
}

function join([client, target]: readonly [Socket, Socket], onEnd: () => void): void {
  for (const [from, to] of [
    [client, target],
    [target, client],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      to.destroy();
      onEnd();
    });
  }
}

/** What has arrived stays in the sockets. */
function hold([client, target]: readonly [Socket, Socket]): void {
  client.unpipe(target);
  target.unpipe(client);
  client.pause();
  target.pause();
}

function release([client, target]: readonly [Socket, Socket]): void {
  client.pipe(target);
  target.pipe(client);
}

function destroy([client, target]: readonly [Socket, Socket]): void {
  client.destroy();
  target.destroy();
}
