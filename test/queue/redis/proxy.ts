import { connect, createServer, type Socket } from "node:net";

/** A way to a port that can be cut: connections break, and new ones are refused, until it is mended. */
export class CuttableProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server;
  #cut = false;

  constructor(target: number) {
    this.#server = createServer((near) => {
      if (this.#cut) return near.destroy();
      const far = connect(target, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () =>
        resolve((this.#server.address() as { port: number }).port),
      ),
    );
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
