// Required before the framework starts: it listens on loopback at a free port, instead of everywhere at a given one, and says
// on file descriptor 3 which port that is.
const { writeSync } = require("node:fs");
const { Server } = require("node:net");

const { listen } = Server.prototype;
Server.prototype.listen = function (_port, ready) {
  return listen.call(this, 0, "127.0.0.1", () => {
    writeSync(3, `${this.address().port}\n`);
    ready?.();
  });
};
