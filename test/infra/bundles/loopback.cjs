// Required before the framework starts: where it is given a socket's path for a port it listens there; else on loopback at a free
// port, instead of everywhere at a given one. Says on file descriptor 3 where that is.
const { writeSync } = require("node:fs");
const { Server } = require("node:net");

const { listen } = Server.prototype;
Server.prototype.listen = function (port, ready) {
  const told = () => {
    const address = this.address();
    writeSync(3, `${typeof address === "string" ? address : address.port}\n`);
    ready?.();
  };
  return String(port).startsWith("/")
    ? listen.call(this, port, told)
    : listen.call(this, 0, "127.0.0.1", told);
};
