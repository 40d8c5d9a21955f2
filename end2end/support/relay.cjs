// A wire between a browser and the server that can be cut: Playwright's switch «offline» does not always reach a service worker, and
// stopping the server would cut everybody else off, too. Plain JavaScript, for the journeys and for the benchmark.
const { createServer, connect } = require('node:net');

exports.Relay = class Relay {
  /** Begins to carry bytes to this port of this machine. */
  static async start(to) {
    const relay = Object.assign(new Relay(), { to, mode: 'open', all: new Set(), port: 0 });
    await relay.listen();
    relay.url = `http://127.0.0.1:${relay.port}`;
    return relay;
  }

  listen() {
    this.server = createServer((from) => {
      this.all.add(from);
      from.on('close', () => this.all.delete(from));
      from.on('error', () => from.destroy());
      // taken and never answered
      if (this.mode === 'hung') return;
      const there = connect(this.to, '127.0.0.1');
      there.on('error', () => from.destroy());
      there.on('close', () => from.destroy());
      from.on('close', () => there.destroy());
      from.pipe(there);
      there.on('data', (bytes) => {
        if (this.mode !== 'deaf') from.write(bytes);
      });
    });
    return new Promise((done) => {
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = this.server.address().port;
        done();
      });
    });
  }

  /**
   * `open`; `closed`: no connection can be made; `hung`: connections are made, and nothing answers; `deaf`: what is asked arrives, and its
   * answer is lost. What is under way breaks off, but where answers are lost.
   */
  async way(mode) {
    if (mode === this.mode) return;
    const was = this.mode;
    this.mode = mode;
    if (mode === 'deaf') return;
    const closed = mode === 'closed' ? new Promise((done) => this.server.close(done)) : undefined;
    for (const socket of this.all) socket.destroy();
    await closed;
    if (was === 'closed') await this.listen();
  }

  async stop() {
    await this.way('closed');
  }
};
