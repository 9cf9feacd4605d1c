// Turns a port of this machine into the certainty that nobody listens on it.
import { createServer } from "node:net";

import { AppError } from "../../core/errors.ts";

/** Where chains are served: for this machine alone. */
const HOST = "127.0.0.1";

/** The port on which the chain was to be served is not free. */
export class PortUnavailableError extends AppError {
  readonly code = "PORT_UNAVAILABLE";
  readonly kind = "usage";
  readonly port: number;

  constructor(port: number, cause: NodeJS.ErrnoException) {
    const found = cause.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${cause.code ?? cause.message})`;
    super(`port ${port} of ${HOST} ${found}; choose another with --port (replay: --serve).`, { cause });
    this.port = port;
  }
}

/** @throws PortUnavailableError when the port cannot be listened on; 0, which picks a free one, always can. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new PortUnavailableError(port, cause));
    });
    server.listen(port, HOST, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
